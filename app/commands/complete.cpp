#include "app/model_command.h"

#include "aludel/base/clock.h"
#include "aludel/base/json.h"
#include "aludel/base/stop.h"

namespace aludel::app {
namespace {

struct CompleteOptions {
  ModelOptions model;
  std::string prompt;
  std::int64_t max_tokens = 128;
  infer::SamplingOptions sampling;
  std::vector<std::string> stop;
  bool json = false;

  template <class V>
  void visit(V& v) {
    model.visit(v);
    v("prompt", prompt, "text to continue; specials in it are plain text");
    v("max_tokens", max_tokens, "most tokens to write", at_least(1));
    sampling.visit(v);
    v("stop", stop, "end before any of these texts");
    v("json", json, "print one JSON object at the end instead of the text as it comes");
  }
};

/// Prints the text as it comes, or keeps it.
class CompleteSink final : public infer::GenerationSink {
 public:
  explicit CompleteSink(bool streams) : streams_(streams) {}

  infer::Demand demand() override {
    return stop_requested() ? infer::Demand::cancel : infer::Demand::more;
  }

  void on_token(const infer::GeneratedToken& /*token*/, std::string_view text) override {
    add(text);
  }

  void on_end(const infer::GenerationEnd& end, std::string_view text) override {
    add(text);
    end_ = end;
  }

  void on_failure(const Error& /*error*/) override {}  // generate() returns it

  const std::string& text() const { return text_; }

  const infer::GenerationEnd& end() const { return end_; }

 private:
  void add(std::string_view text) {
    text_ += text;
    if (streams_) print_part(text);
  }

  bool streams_;
  std::string text_;
  infer::GenerationEnd end_;
};

Result<int> run(const CommandLine& line) {
  CompleteOptions options;
  if (ALUDEL_TRY(line.read(options, {"model"})) == Parsed::help_shown) return kExitDone;
  const auto running = ALUDEL_TRY(open_model(line, options.model, infer::TokenizerNeed::required));
  infer::LoadedModel& model = running->loaded;
  ALUDEL_TRY(take_stated_sampling(line, model, options));
  infer::GenerationRequest request;
  request.prompt = model.prompts->encode_text(options.prompt);
  request.max_tokens = options.max_tokens;
  request.sampling = options.sampling;
  request.stop = options.stop;
  request.stop_ids = model.stop_ids;
  CompleteSink sink(!options.json);
  const double started = now_seconds();
  ALUDEL_TRY(infer::generate(*model.engine, *model.tokenizer, std::move(request), sink));
  if (options.json) {
    const infer::GenerationEnd& end = sink.end();
    Json json = Json::object();
    json["text"] = sink.text();
    json["finish_reason"] = infer::finish_reason_name(end.reason);
    json["prompt_tokens"] = end.prompt_tokens;
    json["completion_tokens"] = end.completion_tokens;
    json["seconds"] = now_seconds() - started;
    print(json.dump());
  } else {
    print("");
  }
  if (sink.end().reason == infer::FinishReason::cancelled) {
    return Error{Code::cancelled, "[complete] stopped"};
  }
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_complete = {
    .name = "complete",
    .summary = "Continues a text.",
    .details =
        "The continuation goes to stdout as it is written. The same seed gives the same text.\n"
        "What no flag says of sampling, the model's generation_config.json says.\n"
        "Example: aludel complete MODEL --prompt \"Once upon a time\" --max-tokens 64 "
        "--temperature 0",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
