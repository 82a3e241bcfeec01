#include "aludel/curate/layers/shared/quantile.h"

#include <algorithm>
#include <cmath>

#include "aludel/base/check.h"

namespace aludel::curate {
double quantile(std::vector<float> values, double share) {
  ALUDEL_CHECK(!values.empty() && share >= 0 && share <= 1, "a share of some values");
  const double rank = std::ceil(share * static_cast<double>(values.size())) - 1;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::max(rank, 0.0));
  std::nth_element(values.begin(), at, values.end());
  return static_cast<double>(*at);
}

std::vector<float> percentiles(std::vector<float> values) {
  ALUDEL_CHECK(!values.empty(), "percentiles of some values");
  std::ranges::sort(values);
  std::vector<float> found;
  for (std::size_t percent = 0; percent <= kMostPercent; ++percent) {
    const std::size_t rank = (percent * values.size() + kMostPercent - 1) / kMostPercent;
    found.push_back(values[std::max<std::size_t>(rank, 1) - 1]);
  }
  return found;
}

int percentile_of(float value, const std::vector<float>& percentiles) {
  ALUDEL_CHECK(percentiles.size() == kMostPercent + 1, "101 percentiles");
  const auto at = std::lower_bound(percentiles.begin() + 1, percentiles.end() - 1, value);
  return static_cast<int>(at - percentiles.begin());
}

}  // namespace aludel::curate
