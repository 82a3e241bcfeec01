#pragma once

// Documents as points whose angle says how much they have in common.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/text/terms.h"

namespace aludel::curate::semantic {

/// A text's terms with (1 + log count) each, sorted by bucket.
struct TermWeight {
  std::uint32_t bucket;
  float weight;
};

std::vector<TermWeight> weigh_terms(const std::vector<text::Term>& terms);

/// Multiplies each weight with its term's rarity and makes the whole of length 1.
void scale_by_rarity(std::span<TermWeight> weights, const text::TermStatistics& statistics);

/// Cosine of two scaled vectors.
double cosine(std::span<const TermWeight> a, std::span<const TermWeight> b);

inline constexpr std::size_t kDimensions = 256;

/// Writes the projection of a scaled vector on kDimensions random directions of signs, of length 1:
/// cosines survive to about (1 - cosine²) / sqrt(kDimensions).
/// Source: Johnson & Lindenstrauss 1984; signs: Achlioptas 2003.
void project(std::span<const TermWeight> weights, std::uint64_t seed, std::span<float> out);

/// Sum of products in a fixed order of eight running sums. REQUIRES: sizes are equal.
float dot(std::span<const float> a, std::span<const float> b);

}  // namespace aludel::curate::semantic
