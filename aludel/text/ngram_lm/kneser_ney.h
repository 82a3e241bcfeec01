#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "aludel/base/threads.h"
#include "aludel/text/ngram_lm/ngram_tables.h"

namespace aludel::text {

/// What is taken from counts of 1, 2 and 3 or more.
using Discounts = std::array<double, 3>;

/// Discounts from t[k - 1] = number of n-grams with count k, k = 1 to 4: with Y = t1 / (t1 + 2 t2),
/// D(k) = k - (k + 1) Y t(k+1) / t(k). Where one is undefined, or outside of [0, k], which happens
/// in very small or repeated texts, all are 0.5, 1, 1.5.
/// Source: Chen & Goodman 1999, equation 26.
Discounts kneser_ney_discounts(const std::array<std::uint64_t, 4>& t);

/// Sequences to learn from: words below `vocab_size`, each sequence behind one `begin_id`, which
/// stands nowhere else.
struct NgramCorpus {
  std::span<const std::uint32_t> words;
  std::uint32_t vocab_size = 0;
  std::uint32_t begin_id = 0;
};

/// Interpolated modified Kneser-Ney over all n-grams, none pruned: probabilities and backoffs of
/// orders 1 to `order`; unigrams are interpolated with 1 / (vocab_size - 1), the begin mark has
/// none. For every context the probabilities of all words add up to 1. The same for any number of
/// threads. Source: Chen & Goodman 1999, section 4; Heafield et al. 2013 (lmplz).
std::vector<NgramLevel> estimate_kneser_ney(const NgramCorpus& corpus, int order, Threads& threads);

}  // namespace aludel::text
