#include "aludel/curate/revisit/audit/intervals.h"

#include <algorithm>
#include <cmath>

namespace aludel::curate::audit {
namespace {

constexpr double kTwoSided95 = 1.959963984540054;  // of the normal distribution

double share(std::uint64_t count, std::uint64_t of) {
  return static_cast<double>(count) / static_cast<double>(of);
}

}  // namespace

Interval wilson(std::uint64_t count, std::uint64_t of) {
  if (of == 0) return {};
  const double n = static_cast<double>(of);
  const double p = share(count, of);
  const double z2 = kTwoSided95 * kTwoSided95;
  const double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kTwoSided95 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  // If none or all cases were seen, one bound is exact, and rounding must not move it.
  return {count == 0 ? 0 : std::max(0.0, middle - half),
          count == of ? 1 : std::min(1.0, middle + half)};
}

std::optional<WeightedShare> weighted_share(std::span<const WeightedPart> parts) {
  double sum = 0;
  for (const WeightedPart& part : parts) {
    if (part.of > 0) sum += part.weight;
  }
  if (sum <= 0) return std::nullopt;
  WeightedShare all;
  double below = 0;
  double above = 0;
  for (const WeightedPart& part : parts) {
    if (part.of == 0) continue;
    const double weight = part.weight / sum;
    const double p = share(part.count, part.of);
    const Interval interval = wilson(part.count, part.of);
    all.value += weight * p;
    below += std::pow(weight * (p - interval.low), 2);
    above += std::pow(weight * (interval.high - p), 2);
  }
  all.interval = {std::max(0.0, all.value - std::sqrt(below)),
                  std::min(1.0, all.value + std::sqrt(above))};
  return all;
}

std::optional<double> cohen_kappa(const std::array<std::array<std::uint64_t, 2>, 2>& counts) {
  const std::uint64_t first = counts[0][0] + counts[0][1];
  const std::uint64_t second = counts[0][0] + counts[1][0];
  const std::uint64_t all = first + counts[1][0] + counts[1][1];
  if (all == 0) return std::nullopt;
  const double same = share(counts[0][0] + counts[1][1], all);
  const double a = share(first, all);
  const double b = share(second, all);
  const double by_chance = a * b + (1 - a) * (1 - b);
  if (by_chance >= 1) return std::nullopt;
  return (same - by_chance) / (1 - by_chance);
}

}  // namespace aludel::curate::audit
