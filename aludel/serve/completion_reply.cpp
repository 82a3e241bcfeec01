#include "aludel/serve/completion_reply.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/serve/token_names.h"

namespace aludel::serve {
namespace {

using infer::Demand;
using infer::GeneratedToken;
using infer::GenerationEnd;
using infer::TokenChance;

/// A stream's client that has so much to read is waited for.
constexpr std::size_t kMostPendingBytes = std::size_t{64} << 10;

/// A token of the reply as the API reports it.
struct TokenReport {
  std::string surface;
  std::vector<TokenChance> chances;
  std::int64_t text_offset = 0;
};

Json bytes_of(std::string_view surface) {
  Json bytes = Json::array();
  for (const char byte : surface) {
    bytes.push_back(static_cast<int>(static_cast<unsigned char>(byte)));
  }
  return bytes;
}

/// The JSON of replies in one form.
class ReplyJson {
 public:
  ReplyJson(ReplyForm form, const text::Tokenizer& tokenizer)
      : form_(std::move(form)), tokenizer_(tokenizer) {}

  const ReplyForm& form() const { return form_; }

  Json envelope(std::string_view object_of_chat) const {
    Json json = Json::object();
    json["id"] = form_.id;
    json["object"] = is_chat() ? object_of_chat : std::string_view("text_completion");
    json["created"] = form_.created_seconds;
    json["model"] = form_.model;
    json["system_fingerprint"] = "aludel";
    return json;
  }

  /// One element of choices. `holder` is "delta" or "message" in a chat.
  Json choice(std::string_view holder, Json content, const std::vector<TokenReport>& tokens,
              std::string_view finish_reason) const {
    Json json = Json::object();
    json["index"] = 0;
    json[is_chat() ? holder : std::string_view("text")] = std::move(content);
    json["logprobs"] = log_probabilities(tokens);
    json["finish_reason"] = finish_reason.empty() ? Json() : Json(finish_reason);
    return json;
  }

  Json usage(const GenerationEnd& end) const {
    Json json = Json::object();
    json["prompt_tokens"] = end.prompt_tokens;
    json["completion_tokens"] = end.completion_tokens;
    json["total_tokens"] = end.prompt_tokens + end.completion_tokens;
    return json;
  }

  bool is_chat() const { return form_.kind == CompletionKind::chat; }

 private:
  Json log_probabilities(const std::vector<TokenReport>& tokens) const {
    if (!form_.log_probabilities || tokens.empty()) return {};
    return is_chat() ? chat_log_probabilities(tokens) : text_log_probabilities(tokens);
  }

  Json chat_entry(std::string_view surface, float log_probability) const {
    Json entry = Json::object();
    entry["token"] = surface;
    entry["logprob"] = static_cast<double>(log_probability);
    entry["bytes"] = bytes_of(surface);
    return entry;
  }

  Json chat_log_probabilities(const std::vector<TokenReport>& tokens) const {
    Json content = Json::array();
    for (const TokenReport& token : tokens) {
      Json entry = chat_entry(token.surface, token.chances.front().log_probability);
      Json top = Json::array();
      for (std::size_t i = 1; i < token.chances.size(); ++i) {
        top.push_back(
            chat_entry(tokenizer_.surface(token.chances[i].id), token.chances[i].log_probability));
      }
      entry["top_logprobs"] = std::move(top);
      content.push_back(std::move(entry));
    }
    Json json = Json::object();
    json["content"] = std::move(content);
    return json;
  }

  Json text_log_probabilities(const std::vector<TokenReport>& tokens) const {
    Json json = Json::object();
    Json names = Json::array();
    Json chances = Json::array();
    Json tops = Json::array();
    Json offsets = Json::array();
    for (const TokenReport& token : tokens) {
      chances.push_back(static_cast<double>(token.chances.front().log_probability));
      offsets.push_back(token.text_offset);
      names.push_back(add_top(tops, token.chances));
    }
    json["tokens"] = std::move(names);
    json["token_logprobs"] = std::move(chances);
    json["top_logprobs"] = std::move(tops);
    json["text_offset"] = std::move(offsets);
    return json;
  }

  /// Appends the likeliest tokens and the drawn one, the first of `chances`; returns its name.
  std::string add_top(Json& tops, std::span<const TokenChance> chances) const {
    const TokenChance& drawn = chances.front();
    std::vector<TokenChance> listed(chances.begin() + 1, chances.end());
    const auto is_drawn = [&](const TokenChance& chance) { return chance.id == drawn.id; };
    auto place = std::ranges::find_if(listed, is_drawn);
    if (place == listed.end()) place = listed.insert(listed.end(), drawn);
    std::vector<std::int32_t> ids(listed.size());
    std::ranges::transform(listed, ids.begin(), &TokenChance::id);
    const std::vector<std::string> names = distinct_token_names(tokenizer_, ids);
    Json top = Json::object();
    for (std::size_t i = 0; i < listed.size(); ++i) {
      top[names[i]] = static_cast<double>(listed[i].log_probability);
    }
    tops.push_back(std::move(top));
    return names[static_cast<std::size_t>(place - listed.begin())];
  }

  ReplyForm form_;
  const text::Tokenizer& tokenizer_;
};

/// Which answer an error of generation is.
int status_of(Code code) {
  return code == Code::invalid_argument                                ? 400
         : code == Code::resource_exhausted || code == Code::cancelled ? 503
                                                                       : 500;
}

/// The answer to a reply that failed. What the request says of sampling was checked before, so that
/// a request which the model does not take has a prompt that does not fit.
HttpResponse failure_response(const Error& error, CompletionKind kind) {
  const int status = status_of(error.code);
  return error_response(status, error.message, "", status == 400 ? prompt_member(kind) : "");
}

/// The tokens of a reply that are still to be sent, where the client wants to hear of them.
class TokenReports {
 public:
  TokenReports(const ReplyForm& form, const text::Tokenizer& tokenizer)
      : wanted_(form.log_probabilities), offsets_(tokenizer) {}

  void add(const GeneratedToken& token) {
    if (!wanted_) return;
    reports_.push_back({std::string(token.surface), token.chances, offsets_.push(token.id)});
  }

  std::vector<TokenReport> take() { return std::exchange(reports_, {}); }

  bool is_empty() const { return reports_.empty(); }

 private:
  bool wanted_;
  TextOffsets offsets_;
  std::vector<TokenReport> reports_;
};

/// Gathers the text and answers at the end.
class WholeReply final : public infer::GenerationSink {
 public:
  WholeReply(ReplyJson json, HttpReply reply, TokenReports tokens)
      : json_(std::move(json)), reply_(std::move(reply)), tokens_(std::move(tokens)) {}

  Demand demand() override { return reply_.client_gone() ? Demand::cancel : Demand::more; }

  void on_token(const GeneratedToken& token, std::string_view text) override {
    text_ += text;
    tokens_.add(token);
  }

  void on_end(const GenerationEnd& end, std::string_view text) override {
    text_ += text;
    Json content(text_);
    if (json_.is_chat()) {
      content = Json::object();
      content["role"] = "assistant";
      content["content"] = text_;
    }
    Json json = json_.envelope("chat.completion");
    json["choices"].push_back(json_.choice("message", std::move(content), tokens_.take(),
                                           infer::finish_reason_name(end.reason)));
    json["usage"] = json_.usage(end);
    reply_.send({.body = json.dump()});
  }

  void on_failure(const Error& error) override {
    reply_.send(failure_response(error, json_.form().kind));
  }

 private:
  ReplyJson json_;
  HttpReply reply_;
  TokenReports tokens_;
  std::string text_;
};

/// Sends each piece of text as an event, once it can be shown.
class StreamedReply final : public infer::GenerationSink {
 public:
  StreamedReply(ReplyJson json, HttpReply reply, TokenReports tokens)
      : json_(std::move(json)), reply_(std::move(reply)), tokens_(std::move(tokens)) {}

  Demand demand() override {
    if (reply_.client_gone()) return Demand::cancel;
    return reply_.pending_bytes() > kMostPendingBytes ? Demand::wait : Demand::more;
  }

  void on_token(const GeneratedToken& token, std::string_view text) override {
    start();
    tokens_.add(token);
    if (!text.empty() || !tokens_.is_empty()) send_text(text);
  }

  void on_end(const GenerationEnd& end, std::string_view text) override {
    start();
    if (!text.empty()) send_text(text);
    send_choice(json_.is_chat() ? Json::object() : Json(""), infer::finish_reason_name(end.reason));
    if (json_.form().stream_usage) {
      Json json = json_.envelope("chat.completion.chunk");
      json["choices"] = Json::array();
      json["usage"] = json_.usage(end);
      send_event(json);
    }
    reply_.write("data: [DONE]\n\n");
    reply_.finish();
  }

  void on_failure(const Error& error) override {
    const HttpResponse response = failure_response(error, json_.form().kind);
    if (!started_) return reply_.send(response);
    reply_.write("data: " + response.body + "\n\n");
    reply_.finish();
  }

 private:
  /// With the first token: what fails before has a status of its own.
  void start() {
    if (started_) return;
    started_ = true;
    reply_.start_stream("text/event-stream; charset=utf-8");
    if (!json_.is_chat()) return;
    Json delta = Json::object();
    delta["role"] = "assistant";
    delta["content"] = Json();
    send_choice(std::move(delta), "");
  }

  void send_text(std::string_view text) {
    Json content(text);
    if (json_.is_chat()) {
      content = Json::object();
      content["content"] = text;
    }
    send_choice(std::move(content), "");
  }

  void send_choice(Json content, std::string_view finish_reason) {
    Json json = json_.envelope("chat.completion.chunk");
    json["choices"].push_back(
        json_.choice("delta", std::move(content), tokens_.take(), finish_reason));
    if (json_.form().stream_usage) json["usage"] = Json();
    send_event(json);
  }

  void send_event(const Json& json) { reply_.write("data: " + json.dump() + "\n\n"); }

  ReplyJson json_;
  HttpReply reply_;
  TokenReports tokens_;
  bool started_ = false;
};

}  // namespace

std::unique_ptr<infer::GenerationSink> completion_sink(ReplyForm form, HttpReply reply,
                                                       const text::Tokenizer& tokenizer) {
  const bool stream = form.stream;
  TokenReports tokens(form, tokenizer);
  ReplyJson json(std::move(form), tokenizer);
  if (stream) {
    return std::make_unique<StreamedReply>(std::move(json), std::move(reply), std::move(tokens));
  }
  return std::make_unique<WholeReply>(std::move(json), std::move(reply), std::move(tokens));
}

}  // namespace aludel::serve
