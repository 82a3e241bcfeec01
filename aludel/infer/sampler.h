#pragma once
// Chooses the next token from the model's logits.

#include <cstdint>
#include <span>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/result.h"

namespace aludel::infer {

inline constexpr Range kTemperatures = between(0, 100);
/// A smaller penalty could push a logit out of the range of a double.
inline constexpr Range kPenalties = between(0.01, 100);

/// How the next token is drawn. The defaults draw from the model's own distribution.
struct SamplingOptions {
  double temperature = 1.0;         // 0: always the most likely token
  std::int64_t top_k = 0;           // only the k most likely; 0: all
  double top_p = 1.0;               // the smallest set of that probability (nucleus)
  double min_p = 0.0;               // at least this share of the most likely token's probability
  double repetition_penalty = 1.0;  // divides (or multiplies, when negative) seen tokens' logits
  std::int64_t seed = 0;

  template <class V>
  void visit(V& v) {
    v("temperature", temperature, "0 always takes the most likely token, 1 draws as trained",
      kTemperatures);
    v("top_k", top_k, "draw from the k most likely tokens only; 0: from all", at_least(0));
    v("top_p", top_p, "draw from the smallest set of tokens with this probability",
      above(0).at_most(1));
    v("min_p", min_p, "drop tokens below this share of the most likely one's probability", kShare);
    v("repetition_penalty", repetition_penalty, "above 1 makes tokens already seen less likely",
      kPenalties);
    v("seed", seed, "the same seed and prompt give the same text");
  }
};

/// Checks that a model's answer is made of finite numbers. Weights that are damaged or have
/// diverged give NaN and infinities, from which no token can be drawn and no score can be taken.
/// Errors: corrupt_data with the first token whose logit is no number.
Status check_logits(std::span<const float> logits);

/// A token and the natural logarithm of its probability in the model's own distribution.
struct TokenChance {
  std::int32_t id = 0;
  float log_probability = 0;
};

/// Draws tokens; holds only buffers, so its result depends on nothing but its arguments.
/// Order of the rules: penalty, temperature, top-k, top-p, min-p, as in Hugging Face transformers.
/// Sources: Holtzman et al. 2020, arXiv:1904.09751 (top-p); Keskar et al. 2019, arXiv:1909.05858
/// (penalty); Nguyen et al. 2024, arXiv:2407.01082 (min-p).
class Sampler {
 public:
  /// The token for place `position` of the text; `logits` [V] follow `seen`, the text so far.
  /// Errors: as check_logits. REQUIRES: check_config(options), at least one logit.
  Result<std::int32_t> draw(std::span<const float> logits, std::span<const std::int32_t> seen,
                            const SamplingOptions& options, std::int64_t position);

 private:
  /// In double, the type that the options were checked in: no temperature above 0 and no penalty
  /// in range can turn a finite logit into NaN.
  struct Candidate {
    double logit;
    std::int32_t id;
  };

  void keep_most_likely(std::size_t count);
  void keep_nucleus(double top_p);

  std::vector<Candidate> candidates_;
  std::vector<double> weights_;
};

/// The `count` most likely tokens, likeliest first, after `chosen` at index 0.
/// REQUIRES: check_logits(logits).
std::vector<TokenChance> token_chances(std::span<const float> logits, std::int32_t chosen,
                                       std::size_t count);

/// log(sum(exp(logits))) in double. REQUIRES: check_logits(logits).
double log_sum_exp(std::span<const float> logits);

}  // namespace aludel::infer
