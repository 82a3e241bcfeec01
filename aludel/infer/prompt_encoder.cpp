#include "aludel/infer/prompt_encoder.h"

namespace aludel::infer {

PromptEncoder::PromptEncoder(const text::Tokenizer& tokenizer, std::optional<std::int32_t> begin_id,
                             std::optional<std::int32_t> empty_id)
    : tokenizer_(tokenizer),
      begin_id_(begin_id),
      empty_id_(empty_id),
      has_chat_(text::can_chat(tokenizer)) {}

std::vector<std::int32_t> PromptEncoder::encode_text(std::string_view text) const {
  std::vector<std::int32_t> ids;
  if (begin_id_) ids.push_back(*begin_id_);
  if (!text.empty()) {
    const std::vector<std::int32_t> encoded = tokenizer_.encode(text);
    ids.insert(ids.end(), encoded.begin(), encoded.end());
  }
  if (ids.empty() && empty_id_) ids.push_back(*empty_id_);
  return ids;
}

Result<std::vector<std::int32_t>> PromptEncoder::encode_chat(
    std::span<const text::ChatMessage> messages) const {
  return std::move(ALUDEL_TRY(text::encode_chatml(tokenizer_, messages, true)).ids);
}

}  // namespace aludel::infer
