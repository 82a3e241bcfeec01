#pragma once

#include <cstddef>
#include <vector>

namespace aludel::curate {

inline constexpr std::size_t kMostPercent = 100;

/// Returns the value at or below which a share of the values lies, by nearest rank: quantile(v, 0)
/// is the smallest, quantile(v, 1) the largest. It is the readable reference of QuantileSketch.
/// REQUIRES: values is not empty, 0 <= share <= 1.
double quantile(std::vector<float> values, double share);

/// Returns quantile() at 0, 0.01, …, 1: 101 values. REQUIRES: values is not empty.
std::vector<float> percentiles(std::vector<float> values);

/// Returns the position of a value among 101 percentiles: the least p from 1 to 100 whose
/// percentile is at or above it; 100 for a value above all.
int percentile_of(float value, const std::vector<float>& percentiles);

}  // namespace aludel::curate
