#include "aludel/curate/quantile.h"

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

}  // namespace aludel::curate
