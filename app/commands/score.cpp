#include "aludel/infer/score.h"

#include <cmath>

#include "app/model_command.h"
#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/base/log.h"
#include "aludel/base/progress.h"
#include "aludel/base/stop.h"
#include "aludel/base/utf8.h"

namespace aludel::app {
namespace {

struct ScoreOptions {
  ModelOptions model;
  std::string text;
  std::int64_t window = 0;
  bool json = false;

  template <class V>
  void visit(V& v) {
    model.visit(v);
    v("text", text, "file to score");
    v("window", window, "tokens that the model sees at once; 0: its whole context", at_least(0));
    v("json", json, "print one JSON object");
  }
};

Result<int> run(const CommandLine& line) {
  ScoreOptions options;
  if (ALUDEL_TRY(line.read(options, {"model"})) == Parsed::help_shown) return kExitDone;
  if (options.text.empty()) return Error{Code::invalid_argument, "[score] give --text FILE"};
  const auto running = ALUDEL_TRY(open_model(line, options.model, infer::TokenizerNeed::required));
  const std::string text = ALUDEL_TRY(io::read_file(running->files, options.text));
  if (!is_valid_utf8(text)) {
    log_warning(
        "{}: [score] not all of it is UTF-8: the model reads those bytes one by one, as no text in "
        "training had them; convert the file to UTF-8 first",
        options.text);
  }
  infer::TextScore score;
  {
    Progress progress("score", 0, "tokens");
    score = ALUDEL_TRY(infer::score_text(*running->loaded.engine, *running->loaded.prompts, text,
                                         options.window, [&](std::int64_t tokens) {
                                           progress.advance(static_cast<std::uint64_t>(tokens));
                                           return !stop_requested();
                                         }));
  }
  if (!std::isfinite(score.perplexity())) {
    log_warning("[score] the perplexity is above what a number holds; nll says how far");
  }
  if (options.json) {
    Json json = Json::object();
    json["bytes"] = score.bytes;
    json["tokens"] = score.tokens;
    json["scored_tokens"] = score.scored_tokens;
    json["nll"] = score.negative_log_likelihood;
    json["bits_per_byte"] = score.bits_per_byte();
    json["perplexity"] = score.perplexity();
    print(json.dump());
  } else {
    print(fmt::format("tokens {}  nll {:.4f}  bits per byte {:.5f}  perplexity {:.4f}",
                      score.tokens, score.negative_log_likelihood, score.bits_per_byte(),
                      score.perplexity()));
  }
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_score = {
    .name = "score",
    .summary = "Says how likely a model finds a text.",
    .details =
        "nll is in nats over the scored tokens (all, or all but the first where nothing stands\n"
        "before it); the text goes through in windows that overlap by half.\n"
        "Example: aludel score MODEL --text held-out.txt --json",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
