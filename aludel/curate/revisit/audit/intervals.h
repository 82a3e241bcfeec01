#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

// Shares of small samples, and how far they can be trusted.
namespace aludel::curate::audit {

struct Interval {
  double low = 0;
  double high = 1;
};

/// The 95 % interval of a share of which `count` of `of` were seen; 0 to 1 of nothing.
/// Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
Interval wilson(std::uint64_t count, std::uint64_t of);

/// A part of a whole that was sampled on its own.
struct WeightedPart {
  double weight = 0;  // its size in the whole
  std::uint64_t count = 0;
  std::uint64_t of = 0;
};

struct WeightedShare {
  double value = 0;
  Interval interval;
};

/// The share of the whole, each part counted by its weight, with a 95 % interval made of the parts'
/// Wilson intervals, which stays honest where a part has seen 0 of few. Parts of which nothing was
/// seen are left out; nothing where that leaves none.
/// Source: Zou, Huang & Zhang 2009, "A note on confidence interval estimation for a linear function
/// of binomial proportions".
std::optional<WeightedShare> weighted_share(std::span<const WeightedPart> parts);

/// Cohen's kappa of two readers: counts[i][j] are the texts of which the first said i and the
/// second j. Nothing where chance alone would make them agree on all.
/// Source: Cohen 1960, "A coefficient of agreement for nominal scales".
std::optional<double> cohen_kappa(const std::array<std::array<std::uint64_t, 2>, 2>& counts);

}  // namespace aludel::curate::audit
