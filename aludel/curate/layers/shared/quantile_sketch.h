#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"

namespace aludel::curate {

/// Quantiles of many values in little memory. Up to kExactValues they are those of the values
/// themselves, the nearest rank; above, of values rounded to kMantissaBits bits, so that a quantile
/// is off by at most 2^-(kMantissaBits + 1) of itself (0.012 %). At most 2^kMantissaBits counters
/// for each power of two that occurs are kept. The answers depend on the values alone, not on their
/// order or on how they were split and merged. Of values that are rounded() already every quantile
/// is exact, however many they are.
/// Source: Tene's HdrHistogram; Masson et al. 2019 (DDSketch), arXiv:1908.10693, for the bound.
class QuantileSketch {
 public:
  static constexpr std::size_t kExactValues = std::size_t{1} << 16;
  static constexpr int kMantissaBits = 12;

  /// The nearest number of kMantissaBits + 1 significant bits.
  static float rounded(float value);

  /// REQUIRES: value is no NaN.
  void add(float value);
  void merge(const QuantileSketch& other);

  std::uint64_t count() const { return count_; }

  Json to_json() const;
  /// Errors: corrupt_data for what to_json() did not make.
  static Result<QuantileSketch> from_json(const Json& json);

  /// The value below or at which a share of the values lies: quantile(0) is the smallest,
  /// quantile(1) the largest. REQUIRES: count() > 0, 0 <= share <= 1.
  double quantile(double share) const;

  /// quantile() at 0, 0.01, …, 1: 101 values. REQUIRES: count() > 0.
  std::vector<float> percentiles() const;

  /// Half of the values lie no farther than this from `centre`. REQUIRES: count() > 0.
  double median_distance(double centre) const;

 private:
  struct Weighted {
    float value;
    std::uint64_t count;
  };

  void round_values();
  std::vector<Weighted> sorted() const;

  std::uint64_t count_ = 0;
  std::vector<float> values_;               // all of them, while they are few
  std::map<float, std::uint64_t> rounded_;  // else how many were rounded to each
};

}  // namespace aludel::curate
