#pragma once
// How likely a model finds a text.

#include <cstdint>
#include <functional>
#include <string_view>

#include "aludel/base/result.h"
#include "aludel/infer/language_model.h"
#include "aludel/infer/prompt_encoder.h"

namespace aludel::infer {

struct TextScore {
  std::int64_t bytes = 0;
  std::int64_t tokens = 0;             // of the text
  std::int64_t scored_tokens = 0;      // all but a first one that nothing stands before
  double negative_log_likelihood = 0;  // nats, of the scored tokens

  double bits_per_byte() const;
  double perplexity() const;  // per scored token; infinite where a double does not hold it
};

/// Scores a text in windows of `window` tokens (0: the model's context) that overlap by half, so
/// that every token but those of the first half window has at least half a window before it.
/// `advance` hears how many tokens are done; it returns whether to go on.
/// Errors: invalid_argument for a text without tokens, or a window that the model cannot have;
/// as check_logits; cancelled.
Result<TextScore> score_text(LanguageModel& model, const PromptEncoder& prompts,
                             std::string_view text, std::int64_t window,
                             const std::function<bool(std::int64_t tokens)>& advance);

}  // namespace aludel::infer
