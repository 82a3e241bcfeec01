#include "aludel/text/chat_template.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace aludel::text {
namespace {

constexpr std::size_t kMaxRoleBytes = 32;

bool is_role(std::string_view role) {
  return !role.empty() && role.size() <= kMaxRoleBytes && std::ranges::all_of(role, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Builds ChatTokens part by part.
class ChatEncoder {
 public:
  ChatEncoder(const Tokenizer& tokenizer, std::int32_t start, std::int32_t end)
      : tokenizer_(tokenizer), start_(start), end_(end) {}

  void add_begin(std::optional<std::int32_t> id) {
    if (id) add_id(*id, 0);
  }

  void add_header(std::string_view role) {
    add_id(start_, 0);
    add_text(std::string(role) + "\n", 0);
  }

  void add_message(const ChatMessage& message) {
    const std::uint8_t is_reply = message.role == kReplyRole ? 1 : 0;
    add_header(message.role);
    add_text(message.content, is_reply);
    add_id(end_, is_reply);
    add_text("\n", 0);
  }

  ChatTokens take() { return std::move(tokens_); }

 private:
  void add_id(std::int32_t id, std::uint8_t is_reply) {
    tokens_.ids.push_back(id);
    tokens_.is_reply.push_back(is_reply);
  }

  // Header and content apart, as they are when a prompt ends behind the header.
  void add_text(std::string_view text, std::uint8_t is_reply) {
    const std::vector<std::int32_t> ids = tokenizer_.encode(text, place_);
    place_ = Tokenizer::Place::middle;
    tokens_.ids.insert(tokens_.ids.end(), ids.begin(), ids.end());
    tokens_.is_reply.resize(tokens_.ids.size(), is_reply);
  }

  const Tokenizer& tokenizer_;
  std::int32_t start_;
  std::int32_t end_;
  Tokenizer::Place place_ = Tokenizer::Place::start;
  ChatTokens tokens_;
};

}  // namespace

constinit const std::string_view kChatmlJinja =
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] "
    "+ '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ "
    "'<|im_start|>assistant\\n' }}{% endif %}";

Result<std::vector<ChatMessage>> read_messages(const Json& row) {
  const Json* list = row.find("messages");
  if (list == nullptr || !list->is_array()) {
    return Error{Code::corrupt_data, "expected {\"messages\": [{\"role\", \"content\"}, …]}"};
  }
  std::vector<ChatMessage> messages;
  for (const Json& message : list->as_array()) {
    const std::string role = message.string_or("role", "");
    const Json* content = message.find("content");
    if (role.empty() || content == nullptr || !content->is_string()) {
      return Error{Code::corrupt_data, "a message needs a role and a content, both text"};
    }
    messages.push_back({role, content->as_string()});
  }
  return messages;
}

bool can_chat(const Tokenizer& tokenizer) {
  if (tokenizer.model().chat_template == ChatTemplate::other) return false;
  return std::ranges::all_of(std::array{kMessageStart, kMessageEnd}, [&](std::string_view piece) {
    const auto id = tokenizer.id_of(piece);
    return id && tokenizer.is_special(*id);
  });
}

std::vector<std::int32_t> stop_ids(const Tokenizer& tokenizer) {
  std::vector<std::int32_t> ids;
  if (const auto end = tokenizer.end_id()) ids.push_back(*end);
  if (can_chat(tokenizer)) ids.push_back(*tokenizer.id_of(kMessageEnd));
  if (ids.size() == 2 && ids[0] == ids[1]) ids.pop_back();
  return ids;
}

std::string render_chatml(std::span<const ChatMessage> messages, bool add_generation_prompt) {
  std::string out;
  for (const ChatMessage& message : messages) {
    out += fmt::format("{}{}\n{}{}\n", kMessageStart, message.role, message.content, kMessageEnd);
  }
  if (add_generation_prompt) out += fmt::format("{}{}\n", kMessageStart, kReplyRole);
  return out;
}

Result<ChatTokens> encode_chatml(const Tokenizer& tokenizer, std::span<const ChatMessage> messages,
                                 bool add_generation_prompt) {
  if (!can_chat(tokenizer)) {
    return Error{Code::unsupported,
                 fmt::format("[chat] this model was not trained to chat in ChatML: its vocabulary "
                             "lacks {} or {}, or its chat template is another one",
                             kMessageStart, kMessageEnd)};
  }
  ChatEncoder encoder(tokenizer, *tokenizer.id_of(kMessageStart), *tokenizer.id_of(kMessageEnd));
  encoder.add_begin(tokenizer.chat_begin());
  for (const ChatMessage& message : messages) {
    if (!is_role(message.role)) {
      return Error{Code::invalid_argument, fmt::format("[chat] no role: '{}'", message.role)};
    }
    encoder.add_message(message);
  }
  if (add_generation_prompt) encoder.add_header(kReplyRole);
  return encoder.take();
}

}  // namespace aludel::text
