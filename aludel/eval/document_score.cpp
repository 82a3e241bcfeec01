#include "aludel/eval/document_score.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace aludel::eval {
namespace {

constexpr std::size_t kChunk = 256;

double nats_of(std::span<const float> logits, std::int32_t id) {
  const float most = *std::ranges::max_element(logits);
  double sum = 0;
  for (const float logit : logits) {
    sum += std::exp(static_cast<double>(logit - most));
  }
  return std::log(sum) - static_cast<double>(logits[static_cast<std::size_t>(id)] - most);
}

}  // namespace

double document_nats(infer::LanguageModel& model, std::span<const std::int32_t> ids,
                     std::int32_t start_id) {
  const auto context = static_cast<std::size_t>(model.context_length());
  const auto vocabulary = static_cast<std::size_t>(model.vocab_size());
  std::vector<std::int32_t> inputs(ids.begin(), ids.end());
  inputs.insert(inputs.begin(), start_id);
  double nats = 0;
  for (std::size_t part = 0; part < ids.size(); part += context) {
    const std::size_t end = std::min(ids.size(), part + context);
    const auto sequence = model.new_sequence();
    for (std::size_t at = part; at < end; at += kChunk) {
      const std::size_t count = std::min(kChunk, end - at);
      const std::array input = {infer::ModelInput{
          sequence.get(), std::span(inputs).subspan(at, count), infer::LogitsFor::every_token}};
      const auto logits = model.run(input);
      for (std::size_t i = 0; i < count; ++i) {
        nats += nats_of(logits.subspan(i * vocabulary, vocabulary), ids[at + i]);
      }
    }
  }
  return nats;
}

}  // namespace aludel::eval
