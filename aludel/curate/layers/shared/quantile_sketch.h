#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"

namespace aludel::curate {

/// Quantiles of many values in little memory. Up to kExactValues values, quantiles are exact
/// (nearest rank). Above, values are rounded to kMantissaBits bits, so that the relative error of a
/// quantile is at most 2^-(kMantissaBits + 1) (0.012 %). It holds at most 2^kMantissaBits counters
/// for each power of two that occurs. The answers depend on the values only, not on their order or
/// on how they were split and merged. If all values are rounded() already, every quantile is exact.
/// Source: Tene's HdrHistogram; Masson et al. 2019 (DDSketch), arXiv:1908.10693, for the bound.
class QuantileSketch {
 public:
  static constexpr std::size_t kExactValues = std::size_t{1} << 16;
  static constexpr int kMantissaBits = 12;

  /// Returns the nearest number with kMantissaBits + 1 significant bits.
  static float rounded(float value);

  /// Adds a value. REQUIRES: value is not NaN.
  void add(float value);
  void merge(const QuantileSketch& other);

  std::uint64_t count() const { return count_; }

  Json to_json() const;
  /// Reads what to_json() has written. Errors: corrupt_data for anything else.
  static Result<QuantileSketch> from_json(const Json& json);

  /// Returns the value at or below which a share of the values lies: quantile(0) is the smallest,
  /// quantile(1) the largest. REQUIRES: count() > 0, 0 <= share <= 1.
  double quantile(double share) const;

  /// Returns quantile() at 0, 0.01, …, 1: 101 values. REQUIRES: count() > 0.
  std::vector<float> percentiles() const;

  /// Returns the median distance of the values from `centre`. REQUIRES: count() > 0.
  double median_distance(double centre) const;

 private:
  struct Weighted {
    float value;
    std::uint64_t count;
  };

  void round_values();
  std::vector<Weighted> sorted() const;

  std::uint64_t count_ = 0;
  std::vector<float> values_;               // all values, while they are few
  std::map<float, std::uint64_t> rounded_;  // else the number of values by rounded value
};

}  // namespace aludel::curate
