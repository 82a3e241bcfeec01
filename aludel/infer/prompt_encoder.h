#pragma once
// From what a user wrote to the ids that a model was trained to continue.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/text/chat_template.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::infer {

/// Turns prompts and conversations into ids. What a user writes never becomes a special id.
/// The tokenizer must outlive it. Concurrent calls: yes.
class PromptEncoder {
 public:
  /// `begin_id` stands in front of every text, if there is one; `empty_id` instead of an empty
  /// one. What stands in front of a conversation is the chat template's to say.
  PromptEncoder(const text::Tokenizer& tokenizer, std::optional<std::int32_t> begin_id,
                std::optional<std::int32_t> empty_id);

  /// The ids of a text to continue; none when it is empty and no id stands for that.
  std::vector<std::int32_t> encode_text(std::string_view text) const;

  /// Ids that stand in front of every text.
  std::size_t prefix_tokens() const { return begin_id_ ? 1 : 0; }

  bool has_chat() const { return has_chat_; }

  /// The conversation in ChatML, open for the assistant's reply.
  /// Errors: as text::encode_chatml.
  Result<std::vector<std::int32_t>> encode_chat(std::span<const text::ChatMessage> messages) const;

 private:
  const text::Tokenizer& tokenizer_;
  std::optional<std::int32_t> begin_id_;
  std::optional<std::int32_t> empty_id_;
  bool has_chat_;
};

}  // namespace aludel::infer
