#include "aludel/text/chat_template.h"

#include <algorithm>
#include <array>

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

bool can_chat(const Tokenizer& tokenizer) {
  return std::ranges::all_of(std::array{kMessageStart, kMessageEnd}, [&](std::string_view piece) {
    const auto id = tokenizer.id_of(piece);
    return id && tokenizer.is_special(*id);
  });
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
    return Error{Code::unsupported, fmt::format("[chat] the tokenizer has no specials {} and {}",
                                                kMessageStart, kMessageEnd)};
  }
  ChatEncoder encoder(tokenizer, *tokenizer.id_of(kMessageStart), *tokenizer.id_of(kMessageEnd));
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
