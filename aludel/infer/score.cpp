#include "aludel/infer/score.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <fmt/format.h>

#include "aludel/infer/generation.h"
#include "aludel/infer/sampler.h"

namespace aludel::infer {
namespace {

/// Adds the scores of ids [first, ids.size()), each from the logits of the id before it.
/// Errors: as check_logits.
Status score_window(LanguageModel& model, std::span<const std::int32_t> ids, std::size_t first,
                    TextScore& score) {
  const auto sequence = model.new_sequence();
  const auto vocab = static_cast<std::size_t>(model.vocab_size());
  for (std::size_t begin = 0; begin + 1 < ids.size();) {
    const bool wanted = begin + 1 >= first;
    const std::size_t end = wanted ? ids.size() - 1 : first - 1;
    const std::size_t count = std::min(static_cast<std::size_t>(kPrefillChunk), end - begin);
    const ModelInput input{sequence.get(), ids.subspan(begin, count),
                           wanted ? LogitsFor::every_token : LogitsFor::none};
    const std::span<const float> logits = model.run(std::span(&input, 1));
    for (std::size_t i = 0; wanted && i < count; ++i) {
      const auto row = logits.subspan(i * vocab, vocab);
      ALUDEL_TRY(check_logits(row));
      score.negative_log_likelihood +=
          log_sum_exp(row) - double{row[static_cast<std::size_t>(ids[begin + i + 1])]};
      ++score.scored_tokens;
    }
    begin += count;
  }
  return Ok{};
}

}  // namespace

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
    ALUDEL_TRY(
        score_window(model, std::span(ids).subspan(begin, end - begin), scored - begin, score));
    if (!advance(static_cast<std::int64_t>(end - scored))) {
      return Error{Code::cancelled, "[score] stopped"};
    }
    scored = end;
  }
  return score;
}

}  // namespace aludel::infer
