#pragma once

#include <vector>

namespace aludel::curate {

/// The value below or at which a share of the values lies, the nearest rank: quantile(v, 0) is the
/// smallest, quantile(v, 1) the largest. REQUIRES: values is not empty, 0 <= share <= 1.
double quantile(std::vector<float> values, double share);

}  // namespace aludel::curate
