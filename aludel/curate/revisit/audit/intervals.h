#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

// Estimates shares from small samples, and how far they can be trusted.
namespace aludel::curate::audit {

struct Interval {
  double low = 0;
  double high = 1;
};

/// Returns the 95 % interval of a share that was seen in `count` of `of` cases; 0 to 1 if there was
/// no case.
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

/// Returns the share of the whole, in which each part counts by its weight, with a 95 % interval.
/// The interval is made of the parts' Wilson intervals, so that it stays honest if only 0 of a few
/// cases were seen in a part. Leaves out parts without cases; returns nothing if no part is left.
/// Source: Zou, Huang & Zhang 2009, "A note on confidence interval estimation for a linear function
/// of binomial proportions".
std::optional<WeightedShare> weighted_share(std::span<const WeightedPart> parts);

/// Returns Cohen's kappa of two readers. counts[i][j] is the number of texts of which the first
/// reader said i and the second j. Returns nothing if there are no texts, or if chance alone would
/// make the readers agree on all.
/// Source: Cohen 1960, "A coefficient of agreement for nominal scales".
std::optional<double> cohen_kappa(const std::array<std::array<std::uint64_t, 2>, 2>& counts);

}  // namespace aludel::curate::audit
