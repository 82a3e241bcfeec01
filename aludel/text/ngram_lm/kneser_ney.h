#pragma once

#include <array>
#include <cstdint>

#include "aludel/text/ngram_lm/ngram_counts.h"
#include "aludel/text/ngram_lm/ngram_table_writer.h"

namespace aludel::text {

/// What is taken from counts of 1, 2 and 3 or more.
using Discounts = std::array<double, 3>;

/// Discounts from t[k - 1] = number of n-grams with count k, k = 1 to 4: with Y = t1 / (t1 + 2 t2),
/// D(k) = k - (k + 1) Y t(k+1) / t(k). Where one is undefined, or outside of [0, k], which happens
/// in very small or repeated texts, all are 0.5, 1, 1.5.
/// Source: Chen & Goodman 1999, equation 26.
Discounts kneser_ney_discounts(const CountsOfCounts& t);

/// Interpolated modified Kneser-Ney over all n-grams, none pruned: unigrams are interpolated with
/// 1 / (vocabulary - 1), the begin mark has none. For every context the probabilities of all words
/// add up to 1. `sink` gets the unigrams by id, each followed by what ends in it. Errors: those of
/// the sorters' files and of the sink.
/// Source: Chen & Goodman 1999, section 4; the order of the sorts: Heafield et al. 2013 (lmplz).
Status estimate_kneser_ney(AdjustedCounts counts, std::uint32_t begin_id,
                           const exec::SortPlace& place, NgramSink& sink);

}  // namespace aludel::text
