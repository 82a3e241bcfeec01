#pragma once

// Projects documents to points of few dimensions, in which they are clustered.

#include <cstdint>
#include <span>

#include "aludel/curate/layers/semantic/embedding.h"

namespace aludel::curate::semantic {

inline constexpr std::size_t kDimensions = 256;

/// Writes the projection of a scaled vector on kDimensions random directions of signs, with length
/// one. Cosines change by about (1 - cosine²) / sqrt(kDimensions). REQUIRES: `out` has kDimensions.
/// Source: Johnson & Lindenstrauss 1984; signs: Achlioptas 2003.
void project(std::span<const TermWeight> weights, std::uint64_t seed, std::span<float> out);

/// The readable form of project(): the same numbers.
void project_reference(std::span<const TermWeight> weights, std::uint64_t seed,
                       std::span<float> out);

}  // namespace aludel::curate::semantic
