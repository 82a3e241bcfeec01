#include "aludel/infer/score.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <fmt/format.h>

#include "aludel/infer/likelihood.h"

namespace aludel::infer {

double TextScore::bits_per_byte() const {
  return negative_log_likelihood / std::numbers::ln2 / static_cast<double>(bytes);
}

double TextScore::perplexity() const {
  return std::exp(negative_log_likelihood / static_cast<double>(scored_tokens));
}

Result<TextScore> score_text(LanguageModel& model, const PromptEncoder& prompts,
                             std::string_view text, std::int64_t window,
                             const std::function<bool(std::int64_t tokens)>& advance) {
  const std::vector<std::int32_t> ids = prompts.encode_text(text);
  TextScore score;
  score.bytes = static_cast<std::int64_t>(text.size());
  score.tokens = static_cast<std::int64_t>(ids.size() - prompts.prefix_tokens());
  if (text.empty() || ids.size() < 2) {
    return Error{Code::invalid_argument, "[score] the text has too few tokens to score"};
  }
  const std::int64_t context = model.context_length();
  if (window != 0 && (window < 2 || window > context)) {
    return Error{Code::invalid_argument,
                 fmt::format("[score] window must be 0, or between 2 and the model's context of {}",
                             context)};
  }
  const auto size = static_cast<std::size_t>(window == 0 ? context : window);
  const std::size_t stride = std::max<std::size_t>(1, size / 2);
  std::size_t scored = 1;
  for (std::size_t begin = 0; scored < ids.size(); begin += stride) {
    const std::size_t end = std::min(ids.size(), begin + size);
    ALUDEL_TRY(add_negative_log_likelihood(model, std::span(ids).subspan(begin, end - begin),
                                           scored - begin, score.negative_log_likelihood));
    score.scored_tokens += static_cast<std::int64_t>(end - scored);
    if (!advance(static_cast<std::int64_t>(end - scored))) {
      return Error{Code::cancelled, "[score] stopped"};
    }
    scored = end;
  }
  return score;
}

}  // namespace aludel::infer
