#include "aludel/infer/likelihood.h"

#include <algorithm>

#include "aludel/infer/generation.h"
#include "aludel/infer/sampler.h"

namespace aludel::infer {

Status add_negative_log_likelihood(LanguageModel& model, std::span<const std::int32_t> ids,
                                   std::size_t first, double& nats) {
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
      nats += log_sum_exp(row) - double{row[static_cast<std::size_t>(ids[begin + i + 1])]};
    }
    begin += count;
  }
  return Ok{};
}

}  // namespace aludel::infer
