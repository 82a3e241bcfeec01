#include "aludel/curate/layers/minhash_dedup/keepers.h"

#include <algorithm>

#include "aludel/base/hash.h"

namespace aludel::curate::minhash_dedup {

std::string sketch_of(std::span<const std::uint32_t> signature) {
  std::string sketch(signature.size(), '\0');
  std::ranges::transform(signature, sketch.begin(),
                         [](std::uint32_t value) { return static_cast<char>(value); });
  return sketch;
}

double sketch_similarity(std::string_view a, std::string_view b) {
  std::size_t equal = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) ++equal;
  }
  // One in 256 different values has an equal last byte.
  const double share = static_cast<double>(equal) / static_cast<double>(a.size());
  return std::max(0.0, (share - 1.0 / 256) / (1 - 1.0 / 256));
}

/// Calls use(key) for each band. Two sketches with the same values in a band have the same key.
template <class Use>
void Keepers::for_each_band(std::string_view sketch, Use use) const {
  for (std::size_t begin = 0; begin + rows_ <= sketch.size(); begin += rows_) {
    use(hash64(sketch.substr(begin, rows_), begin));
  }
}

Keepers::Choice Keepers::add(std::string_view sketch) {
  constexpr std::size_t kAlwaysCompared = 64;
  constexpr std::size_t kMostOfABand = 64;
  constexpr std::size_t kMostRemembered = 16'384;
  Choice nearest{0, false, -1};
  const auto compare = [&](std::size_t i) {
    const double similarity = sketch_similarity(sketch, kept_[i]);
    if (similarity > nearest.similarity) nearest = {i, false, similarity};
  };
  for (std::size_t i = 0; i < std::min(kept_.size(), kAlwaysCompared); ++i) {
    compare(i);
  }
  if (count_ > 0 && nearest.similarity >= min_similarity_) return nearest;
  if (kept_.size() > kAlwaysCompared) {
    for_each_band(sketch, [&](std::uint64_t band) {
      const auto there = by_band_.find(band);
      if (there == by_band_.end()) return;
      for (const std::uint32_t i : there->second) {
        compare(i);
      }
    });
    if (nearest.similarity >= min_similarity_) return nearest;
  }
  if (kept_.size() < kMostRemembered) {
    if (kept_.size() >= kAlwaysCompared) {
      for_each_band(sketch, [&](std::uint64_t band) {
        std::vector<std::uint32_t>& there = by_band_[band];
        if (there.size() < kMostOfABand) {
          there.push_back(static_cast<std::uint32_t>(kept_.size()));
        }
      });
    }
    kept_.emplace_back(sketch);
  }
  return {count_++, true, 1};
}

}  // namespace aludel::curate::minhash_dedup
