#include "aludel/infer/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/rng.h"

namespace aludel::infer {
namespace {

/// The first of the largest.
std::int32_t most_likely(std::span<const float> logits) {
  return static_cast<std::int32_t>(std::ranges::max_element(logits) - logits.begin());
}

}  // namespace

Status check_logits(std::span<const float> logits) {
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (std::isfinite(logits[i])) continue;
    return Error{
        Code::corrupt_data,
        fmt::format("the model gives no numbers (the logit of token {} is {}): its weights "
                    "are damaged, or its training diverged",
                    i, logits[i])};
  }
  return Ok{};
}

Result<std::int32_t> Sampler::draw(std::span<const float> logits,
                                   std::span<const std::int32_t> seen,
                                   const SamplingOptions& options, std::int64_t position) {
  ALUDEL_CHECK(!logits.empty(), "[sampling] no logits");
  ALUDEL_TRY(check_logits(logits));
  const bool penalised = options.repetition_penalty != 1.0;
  if (options.temperature == 0 && !penalised) return most_likely(logits);
  candidates_.resize(logits.size());
  for (std::size_t i = 0; i < logits.size(); ++i) {
    candidates_[i] = {logits[i], static_cast<std::int32_t>(i)};
  }
  if (penalised) {
    const double penalty = options.repetition_penalty;
    for (const std::int32_t id : seen) {  // from the model's logit, so that repeats count once
      const double logit = logits[static_cast<std::size_t>(id)];
      candidates_[static_cast<std::size_t>(id)].logit =
          logit > 0 ? logit / penalty : logit * penalty;
    }
  }
  if (options.temperature == 0) {
    return std::ranges::max_element(candidates_, {}, &Candidate::logit)->id;
  }
  const double largest = std::ranges::max_element(candidates_, {}, &Candidate::logit)->logit;
  for (Candidate& candidate : candidates_) {  // 0 for the likeliest, which no rule below removes
    candidate.logit = (candidate.logit - largest) / options.temperature;
  }
  if (options.top_k > 0) keep_most_likely(static_cast<std::size_t>(options.top_k));
  if (options.top_p < 1) keep_nucleus(options.top_p);
  if (options.min_p > 0) {
    std::erase_if(candidates_,
                  [&](const Candidate& c) { return std::exp(c.logit) < options.min_p; });
  }
  ALUDEL_CHECK(!candidates_.empty(), "[sampling] nothing is left to draw from");
  weights_.clear();
  double total = 0;
  for (const Candidate& candidate : candidates_) {
    total += std::exp(candidate.logit);
    weights_.push_back(total);
  }
  Rng rng(static_cast<std::uint64_t>(options.seed), static_cast<std::uint64_t>(position));
  const auto drawn = std::ranges::upper_bound(weights_, rng.uniform() * total);
  const auto place = std::min(drawn, std::prev(weights_.end())) - weights_.begin();
  return candidates_[static_cast<std::size_t>(place)].id;
}

void Sampler::keep_most_likely(std::size_t count) {
  if (count >= candidates_.size()) return;
  const auto more_likely = [](const Candidate& a, const Candidate& b) {
    return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
  };
  const auto end = candidates_.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(candidates_.begin(), end, candidates_.end(), more_likely);
  candidates_.resize(count);
}

void Sampler::keep_nucleus(double top_p) {
  double total = 0;
  for (const Candidate& candidate : candidates_) {
    total += std::exp(candidate.logit);
  }
  const auto more_likely = [](const Candidate& a, const Candidate& b) {
    return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
  };
  double sum = 0;
  std::size_t kept = 0;
  for (std::size_t sorted = 0; kept < candidates_.size() && sum < top_p * total; ++kept) {
    if (kept == sorted) {  // sort no more of the vocabulary than the nucleus needs
      sorted = std::min(candidates_.size(), std::max<std::size_t>(64, sorted * 8));
      std::partial_sort(candidates_.begin() + static_cast<std::ptrdiff_t>(kept),
                        candidates_.begin() + static_cast<std::ptrdiff_t>(sorted),
                        candidates_.end(), more_likely);
    }
    sum += std::exp(candidates_[kept].logit);
  }
  candidates_.resize(kept);
}

double log_sum_exp(std::span<const float> logits) {
  const double largest = *std::ranges::max_element(logits);
  double sum = 0;
  for (const float logit : logits) {
    sum += std::exp(double{logit} - largest);
  }
  return largest + std::log(sum);
}

std::vector<TokenChance> token_chances(std::span<const float> logits, std::int32_t chosen,
                                       std::size_t count) {
  const double normaliser = log_sum_exp(logits);
  const auto chance = [&](std::int32_t id) {
    const double value = double{logits[static_cast<std::size_t>(id)]} - normaliser;
    constexpr double kLeast = std::numeric_limits<float>::lowest();
    return TokenChance{id, static_cast<float>(std::max(value, kLeast))};
  };
  std::vector<TokenChance> chances{chance(chosen)};
  std::vector<std::int32_t> order(count == 0 ? 0 : logits.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = static_cast<std::int32_t>(i);
  }
  const std::size_t kept = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                    [&](std::int32_t a, std::int32_t b) {
                      const float x = logits[static_cast<std::size_t>(a)];
                      const float y = logits[static_cast<std::size_t>(b)];
                      return x != y ? x > y : a < b;
                    });
  for (std::size_t i = 0; i < kept; ++i) {
    chances.push_back(chance(order[i]));
  }
  return chances;
}

}  // namespace aludel::infer
