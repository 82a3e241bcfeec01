#pragma once

// Turns documents into points; the angle between two says how much they have in common.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/text/terms.h"

namespace aludel::curate::semantic {

/// A term of a text with its weight.
struct TermWeight {
  std::uint32_t bucket;
  float weight;
};

/// Returns a text's terms with the weight 1 + log(count), sorted by bucket.
std::vector<TermWeight> weigh_terms(const std::vector<text::Term>& terms);

/// Multiplies each weight by its term's rarity, then scales the vector to length 1.
void scale_by_rarity(std::span<TermWeight> weights, const text::TermStatistics& statistics);

/// Returns the cosine of two scaled vectors.
double cosine(std::span<const TermWeight> a, std::span<const TermWeight> b);

/// Returns the sum of products, in a fixed order of eight running sums. REQUIRES: equal sizes.
float dot(std::span<const float> a, std::span<const float> b);

}  // namespace aludel::curate::semantic
