#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "aludel/base/hash.h"

namespace aludel {

/// Counter-based random numbers keyed by (seed, item): the n-th number of an item does not depend
/// on threads, shards or the order in which items are visited.
class Rng {
 public:
  Rng(std::uint64_t seed, std::uint64_t item)
      : key_(mix64(mix64(seed + kGolden) ^ (item * kGolden + 1))) {}

  std::uint64_t next() { return mix64(key_ + ++counter_ * kGolden); }

  /// In [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  /// In [0, bound); REQUIRES: bound > 0. Source: Lemire 2019, arXiv:1805.10941, without rejection:
  /// the bias is below bound / 2^64.
  std::uint64_t below(std::uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((Wide{next()} * bound) >> 64);
  }

  /// Standard normal. Source: Box & Muller 1958.
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

 private:
  static constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15U;
  std::uint64_t key_;
  std::uint64_t counter_ = 0;
};

}  // namespace aludel
