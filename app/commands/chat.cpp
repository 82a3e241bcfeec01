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
  /// Errors: invalid_argument for a system text that fills the context.
  static Result<Conversation> start(infer::LoadedModel& model, const ChatOptions& options) {
    Conversation conversation(model, options);
    conversation.restart();
    const auto ids = ALUDEL_TRY(model.prompts->encode_chat(conversation.messages_));
    ALUDEL_TRY(conversation.check_fits(ids, "the system text"));
    return conversation;
  }

  void restart() {
    messages_.clear();
    if (!options_.system.empty()) messages_.push_back({"system", options_.system});
  }

  /// Prints the reply to a text. A text that does not fit leaves the conversation as it was.
  /// Errors: invalid_argument for such a text; those of infer::generate.
  Status say(const std::string& text) {
    std::vector<text::ChatMessage> messages = messages_;
    messages.push_back({"user", text});
    infer::GenerationRequest request;
    request.prompt = ALUDEL_TRY(encode_what_fits(messages));
    request.max_tokens = options_.max_tokens;
    request.sampling = options_.sampling;
    request.sampling.seed += static_cast<std::int64_t>(messages.size());
    request.stop_ids = model_.stop_ids;
    ReplySink sink;
    ALUDEL_TRY(infer::generate(*model_.engine, *model_.tokenizer, std::move(request), sink));
    print("");
    messages.push_back({"assistant", sink.text()});
    messages_ = std::move(messages);
    return Ok{};
  }

 private:
  Conversation(infer::LoadedModel& model, const ChatOptions& options)
      : model_(model), options_(options) {}

  Status check_fits(std::span<const std::int32_t> ids, std::string_view what) const {
    const std::int64_t context = model_.engine->context_length();
    if (static_cast<std::int64_t>(ids.size()) < context) return Ok{};
    return Error{Code::invalid_argument,
                 fmt::format("[chat] {} makes {} tokens, the model's context holds {}", what,
                             ids.size(), context)};
  }

  /// Forgets the oldest exchanges where the conversation leaves less than a quarter of the context.
  Result<std::vector<std::int32_t>> encode_what_fits(std::vector<text::ChatMessage>& messages) {
    const auto first = static_cast<std::ptrdiff_t>(options_.system.empty() ? 0 : 1);
    auto ids = ALUDEL_TRY(model_.prompts->encode_chat(messages));
    const auto limit = static_cast<std::size_t>(model_.engine->context_length() * 3 / 4);
    const auto last = static_cast<std::ptrdiff_t>(messages.size()) - 1;
    if (ids.size() > limit && last > first) {
      std::vector<text::ChatMessage> shortest(messages.begin(), messages.begin() + first);
      shortest.push_back(messages.back());
      ALUDEL_TRY(check_fits(ALUDEL_TRY(model_.prompts->encode_chat(shortest)), "this message"));
    }
    std::size_t forgotten = 0;
    for (; ids.size() > limit && static_cast<std::ptrdiff_t>(messages.size()) > first + 2;
         forgotten += 2) {
      messages.erase(messages.begin() + first, messages.begin() + first + 2);
      ids = ALUDEL_TRY(model_.prompts->encode_chat(messages));
    }
    ALUDEL_TRY(check_fits(ids, "this message"));
    if (forgotten > 0) log_info("the oldest {} messages do not fit and are forgotten", forgotten);
    return ids;
  }

  infer::LoadedModel& model_;
  const ChatOptions& options_;
  std::vector<text::ChatMessage> messages_;
};

/// Answers every line until the input ends. A message that does not fit is told, and is no end.
Status talk(Conversation& conversation, bool is_terminal) {
  InputLines input;
  for (std::string text;;) {
    if (is_terminal) print_part("> ");
    const InputLines::Event event = input.next(text);
    if (text.ends_with('\r')) text.pop_back();
    if (event != InputLines::Event::line || text == "/exit") return Ok{};
    if (text.empty()) continue;
    if (text == "/new") {
      conversation.restart();
      continue;
    }
    const Status said = conversation.say(text);
    if (!said && said.error().code != Code::invalid_argument) return said;
    if (!said) log_warning("{}; the conversation goes on without it", said.error().message);
    if (stop_requested()) catch_stop_signals();  // it stopped the reply, not the chat
  }
}

Result<int> run(const CommandLine& line) {
  ChatOptions options;
  if (ALUDEL_TRY(line.read(options, {"model"})) == Parsed::help_shown) return kExitDone;
  const auto running = ALUDEL_TRY(open_model(line, options.model, infer::TokenizerNeed::required));
  if (!running->loaded.prompts->has_chat()) {
    return Error{Code::unsupported,
                 "[chat] this model was not trained to chat in ChatML: its vocabulary lacks "
                 "<|im_start|> or <|im_end|>, or its chat template is another one; try: aludel "
                 "complete"};
  }
  ALUDEL_TRY(take_stated_sampling(line, running->loaded, options));
  ALUDEL_TRY(check_config(options.sampling, "chat"));
  Conversation conversation = ALUDEL_TRY(Conversation::start(running->loaded, options));
  const bool is_terminal = ::isatty(STDIN_FILENO) != 0;
  if (is_terminal) log_info("/new starts again, /exit or Ctrl-D ends, Ctrl-C stops a reply");
  ALUDEL_TRY(talk(conversation, is_terminal));
  if (is_terminal) print("");
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_chat = {
    .name = "chat",
    .summary = "Talks with a model in the terminal.",
    .details =
        "Each line of stdin is a message, the reply streams to stdout. The line /new starts "
        "again,\n"
        "/exit ends; Ctrl-C stops a reply. A message that does not fit into the model's context "
        "is\n"
        "told and left out; the oldest messages are forgotten where the conversation grows too "
        "long. What no flag says of sampling, the model's generation_config.json says.\n"
        "Example: aludel chat RUN --temperature 0.7",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
