#include "aludel/curate/layers/shared/quantile_sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "aludel/base/check.h"
#include "aludel/curate/layers/shared/quantile.h"

namespace aludel::curate {
namespace {

constexpr int kFloatMantissaBits = 23;
constexpr int kDroppedBits = kFloatMantissaBits - QuantileSketch::kMantissaBits;

/// Returns the first of the sorted values at or below which `rank` values lie; rank 0 counts as 1.
template <class Values>
float value_at(const Values& values, std::uint64_t rank) {
  std::uint64_t below = 0;
  for (const auto& value : values) {
    below += value.count;
    if (below >= rank) return value.value;
  }
  return values.back().value;
}

std::uint64_t rank_of(double share, std::uint64_t count) {
  return static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count)));
}

}  // namespace

float QuantileSketch::rounded(float value) {
  if (!std::isfinite(value)) return value;
  constexpr std::uint32_t kDropped = (std::uint32_t{1} << kDroppedBits) - 1;
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value) + (kDropped / 2 + 1);
  return std::bit_cast<float>(bits & ~kDropped);  // a carry into the exponent is right
}

void QuantileSketch::add(float value) {
  ++count_;
  if (!rounded_.empty()) {
    ++rounded_[rounded(value)];
    return;
  }
  values_.push_back(value);
  if (values_.size() > kExactValues) round_values();
}

void QuantileSketch::round_values() {
  for (const float value : values_) {
    ++rounded_[rounded(value)];
  }
  values_ = {};
}

void QuantileSketch::merge(const QuantileSketch& other) {
  if (rounded_.empty() &&
      (!other.rounded_.empty() || values_.size() + other.values_.size() > kExactValues)) {
    round_values();
  }
  count_ += other.count_;
  const bool rounds = count_ > kExactValues;
  for (const float value : other.values_) {
    if (rounds) {
      ++rounded_[rounded(value)];
    } else {
      values_.push_back(value);
    }
  }
  for (const auto& [value, count] : other.rounded_) {
    rounded_[value] += count;
  }
}

Json QuantileSketch::to_json() const {
  Json json = Json::object();
  json["values"] = Json::array();
  for (const float value : values_) {
    json["values"].push_back(static_cast<double>(value));
  }
  json["rounded"] = Json::array();
  for (const auto& [value, count] : rounded_) {
    json["rounded"].push_back(Json::Array{static_cast<double>(value), count});
  }
  return json;
}

Result<QuantileSketch> QuantileSketch::from_json(const Json& json) {
  const Error wrong{Code::corrupt_data, "a sketch of quantiles is not what it should be"};
  const Json* values = json.find("values");
  const Json* rounded = json.find("rounded");
  if (values == nullptr || !values->is_array() || rounded == nullptr || !rounded->is_array()) {
    return wrong;
  }
  QuantileSketch sketch;
  for (const Json& value : values->as_array()) {
    if (!value.is_number()) return wrong;
    sketch.values_.push_back(static_cast<float>(value.as_number()));
  }
  sketch.count_ = sketch.values_.size();
  for (const Json& pair : rounded->as_array()) {
    if (!pair.is_array() || pair.as_array().size() != 2 || !pair.as_array()[0].is_number() ||
        !pair.as_array()[1].is_integer() || pair.as_array()[1].as_integer() < 1) {
      return wrong;
    }
    const auto count = static_cast<std::uint64_t>(pair.as_array()[1].as_integer());
    sketch.rounded_[static_cast<float>(pair.as_array()[0].as_number())] += count;
    sketch.count_ += count;
  }
  return sketch;
}

std::vector<QuantileSketch::Weighted> QuantileSketch::sorted() const {
  ALUDEL_CHECK(count_ > 0, "quantiles of some values");
  std::vector<Weighted> all;
  for (const float value : values_) {
    all.push_back({value, 1});
  }
  std::ranges::sort(all, {}, &Weighted::value);
  for (const auto& [value, count] : rounded_) {
    all.push_back({value, count});
  }
  return all;
}

double QuantileSketch::quantile(double share) const {
  ALUDEL_CHECK(share >= 0 && share <= 1, "a share of the values");
  return static_cast<double>(value_at(sorted(), rank_of(share, count_)));
}

std::vector<float> QuantileSketch::percentiles() const {
  const std::vector<Weighted> all = sorted();
  std::vector<float> found;
  for (std::uint64_t percent = 0; percent <= kMostPercent; ++percent) {
    found.push_back(value_at(all, (percent * count_ + kMostPercent - 1) / kMostPercent));
  }
  return found;
}

double QuantileSketch::median_distance(double centre) const {
  std::vector<Weighted> all = sorted();
  for (Weighted& value : all) {
    value.value = std::abs(value.value - static_cast<float>(centre));
  }
  std::ranges::sort(all, {}, &Weighted::value);
  return static_cast<double>(value_at(all, rank_of(0.5, count_)));
}

}  // namespace aludel::curate
