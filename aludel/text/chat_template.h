#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/text/tokenizer/tokenizer.h"

// ChatML, the template of Yi-Chat: the one renderer of training, chat and server.
namespace aludel::text {

struct ChatMessage {
  std::string role;  // "system", "user", "assistant"
  std::string content;
};

/// Reads {"messages": [{"role": "user", "content": "…"}, …]}. Errors: corrupt_data.
Result<std::vector<ChatMessage>> read_messages(const Json& row);

inline constexpr std::string_view kMessageStart = "<|im_start|>";
inline constexpr std::string_view kMessageEnd = "<|im_end|>";
inline constexpr std::string_view kReplyRole = "assistant";

/// The same template for readers of Hugging Face folders: tokenizer_config.json and
/// generation_config.json have it as `chat_template`.
extern const std::string_view kChatmlJinja;

/// Whether the vocabulary has the two specials of ChatML, and no file states another template.
bool can_chat(const Tokenizer& tokenizer);

/// The ids at which a reply ends, whatever a model's configs say: the tokenizer's end id, and
/// <|im_end|>, which the template writes behind every reply.
std::vector<std::int32_t> stop_ids(const Tokenizer& tokenizer);

/// Each message as "<|im_start|>role\ncontent<|im_end|>\n"; the generation prompt is
/// "<|im_start|>assistant\n". No system text is added. To show and to compare; what a model reads
/// is made by encode_chatml. Source: Yi, VL/openai_api.py.
std::string render_chatml(std::span<const ChatMessage> messages, bool add_generation_prompt);

struct ChatTokens {
  std::vector<std::int32_t> ids;
  /// By id: 1 for the contents of the assistant and the <|im_end|> behind them, which the model is
  /// trained to write; else 0.
  std::vector<std::uint8_t> is_reply;
};

/// The ids of the rendered messages, which is all that a model reads in training and in use;
/// chat_begin() stands in front, if there is one. Contents are encoded as plain text: "<|im_end|>"
/// in one is ten characters, never the id. Errors: unsupported when the tokenizer cannot chat;
/// invalid_argument for a role that is not 1 to 32 letters, digits or underscores.
Result<ChatTokens> encode_chatml(const Tokenizer& tokenizer, std::span<const ChatMessage> messages,
                                 bool add_generation_prompt);

}  // namespace aludel::text
