#include "aludel/curate/layers/minhash_dedup/keepers.h"

#include <algorithm>

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
  // Of values that differ, 1 in 256 has an equal last byte.
  const double share = static_cast<double>(equal) / static_cast<double>(a.size());
  return std::max(0.0, (share - 1.0 / 256) / (1 - 1.0 / 256));
}

Keepers::Choice Keepers::add(std::string_view sketch) {
  constexpr std::size_t kMostKept = 64;
  Choice nearest{0, false, -1};
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    const double similarity = sketch_similarity(sketch, kept_[i]);
    if (similarity > nearest.similarity) nearest = {i, false, similarity};
  }
  const bool is_new = nearest.similarity < min_similarity_ && kept_.size() < kMostKept;
  if (!kept_.empty() && !is_new) return nearest;
  kept_.emplace_back(sketch);
  return {kept_.size() - 1, true, 1};
}

}  // namespace aludel::curate::minhash_dedup
