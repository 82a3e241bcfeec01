#include "app/model_command.h"
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "aludel/base/log.h"
#include "aludel/base/stop.h"

namespace aludel::app {
namespace {

struct ChatOptions {
  ModelOptions model;
  std::string system;
  std::int64_t max_tokens = 512;
  infer::SamplingOptions sampling{.temperature = 0.7, .top_p = 0.9};

  template <class V>
  void visit(V& v) {
    model.visit(v);
    v("system", system, "what the model is told before the conversation");
    v("max_tokens", max_tokens, "longest reply", at_least(1));
    sampling.visit(v);
  }
};

/// Lines of stdin, while Ctrl-C is watched.
class InputLines {
 public:
  enum class Event : std::uint8_t { line, end, stopped };

  Event next(std::string& line) {
    for (;;) {
      const std::size_t newline = buffer_.find('\n');
      if (newline != std::string::npos) {
        line = buffer_.substr(0, newline);
        buffer_.erase(0, newline + 1);
        return Event::line;
      }
      if (stop_requested()) return Event::stopped;
      pollfd watched{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
      if (::poll(&watched, 1, 100) <= 0) continue;
      char bytes[4096];
      const auto count = ::read(STDIN_FILENO, bytes, sizeof bytes);
      if (count <= 0) {
        line = std::exchange(buffer_, {});
        return line.empty() ? Event::end : Event::line;
      }
      buffer_.append(bytes, static_cast<std::size_t>(count));
    }
  }

 private:
  std::string buffer_;
};

/// Prints a reply as it comes; Ctrl-C ends it.
class ReplySink final : public infer::GenerationSink {
 public:
  infer::Demand demand() override {
    return stop_requested() ? infer::Demand::cancel : infer::Demand::more;
  }

  void on_token(const infer::GeneratedToken& /*token*/, std::string_view text) override {
    add(text);
  }

  void on_end(const infer::GenerationEnd& /*end*/, std::string_view text) override { add(text); }

  void on_failure(const Error& /*error*/) override {}  // generate() returns it

  const std::string& text() const { return text_; }

 private:
  void add(std::string_view text) {
    text_ += text;
    print_part(text);
  }

  std::string text_;
};

class Conversation {
 public:
  Conversation(infer::LoadedModel& model, const ChatOptions& options)
      : model_(model), options_(options) {
    restart();
  }

  void restart() {
    messages_.clear();
    if (!options_.system.empty()) messages_.push_back({"system", options_.system});
  }

  Status say(const std::string& text) {
    messages_.push_back({"user", text});
    infer::GenerationRequest request;
    request.prompt = ALUDEL_TRY(encode_what_fits());
    request.max_tokens = options_.max_tokens;
    request.sampling = options_.sampling;
    request.sampling.seed += static_cast<std::int64_t>(messages_.size());
    request.stop_ids = model_.stop_ids;
    ReplySink sink;
    ALUDEL_TRY(infer::generate(*model_.engine, *model_.tokenizer, std::move(request), sink));
    print("");
    messages_.push_back({"assistant", sink.text()});
    return Ok{};
  }

 private:
  /// Forgets the oldest exchanges where the conversation leaves less than a quarter of the context.
  Result<std::vector<std::int32_t>> encode_what_fits() {
    const std::size_t first = options_.system.empty() ? 0 : 1;
    for (;;) {
      auto ids = ALUDEL_TRY(model_.prompts->encode_chat(messages_));
      const bool fits =
          static_cast<std::int64_t>(ids.size()) <= model_.engine->context_length() * 3 / 4;
      if (fits || messages_.size() < first + 3) return ids;
      const auto oldest = messages_.begin() + static_cast<std::ptrdiff_t>(first);
      messages_.erase(oldest, oldest + 2);
    }
  }

  infer::LoadedModel& model_;
  const ChatOptions& options_;
  std::vector<text::ChatMessage> messages_;
};

Result<int> run(const CommandLine& line) {
  ChatOptions options;
  if (ALUDEL_TRY(line.read(options, {"model"})) == Parsed::help_shown) return kExitDone;
  const auto running = ALUDEL_TRY(open_model(line, options.model, infer::TokenizerNeed::required));
  if (!running->loaded.prompts->has_chat()) {
    return Error{Code::unsupported,
                 "[chat] this model was not trained to chat: its vocabulary lacks <|im_start|>; "
                 "try: aludel complete"};
  }
  Conversation conversation(running->loaded, options);
  const bool is_terminal = ::isatty(STDIN_FILENO) != 0;
  if (is_terminal) log_info("/new starts again, /exit or Ctrl-D ends, Ctrl-C stops a reply");
  InputLines input;
  for (std::string text;;) {
    if (is_terminal) print_part("> ");
    const InputLines::Event event = input.next(text);
    if (event != InputLines::Event::line || text == "/exit") break;
    if (text.empty()) continue;
    if (text == "/new") {
      conversation.restart();
      continue;
    }
    const Status said = conversation.say(text);
    if (!said) return said.error();
    if (stop_requested()) catch_stop_signals();  // it stopped the reply, not the chat
  }
  if (is_terminal) print("");
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_chat = {
    .name = "chat",
    .summary = "Talks with a model in the terminal.",
    .details =
        "Each line of stdin is a message, the reply streams to stdout.\n"
        "Example: aludel chat RUN --temperature 0.7",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
