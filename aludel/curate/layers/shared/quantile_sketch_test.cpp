#include "aludel/curate/layers/shared/quantile_sketch.h"

#include <cmath>

#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/curate/layers/shared/quantile.h"

namespace aludel::curate {
namespace {

std::vector<float> random_values(std::size_t count) {
  Rng random(3, count);
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(static_cast<float>(5 + 1.5 * random.normal()));
  }
  return values;
}

QuantileSketch sketch_of(const std::vector<float>& values, std::size_t parts) {
  QuantileSketch whole;
  for (std::size_t part = parts; part > 0; --part) {  // in another order than the values'
    QuantileSketch sketch;
    for (std::size_t i = part - 1; i < values.size(); i += parts) {
      sketch.add(values[i]);
    }
    whole.merge(sketch);
  }
  return whole;
}

TEST(QuantileSketch, IsExactForFewValues) {
  for (const std::size_t count : {1U, 2U, 3U, 101U, 5000U}) {
    const auto values = random_values(count);
    const QuantileSketch sketch = sketch_of(values, 3);
    EXPECT_EQ(sketch.count(), count);
    EXPECT_EQ(sketch.percentiles(), percentiles(values));
    for (const double share : {0.0, 0.02, 0.5, 0.98, 1.0}) {
      EXPECT_EQ(sketch.quantile(share), quantile(values, share));
    }
    const double median = quantile(values, 0.5);
    std::vector<float> distances;
    distances.reserve(values.size());
    for (const float value : values) {
      distances.push_back(std::abs(value - static_cast<float>(median)));
    }
    EXPECT_EQ(sketch.median_distance(median), quantile(distances, 0.5));
  }
}

TEST(QuantileSketch, StaysWithinItsBoundForMany) {
  const auto values = random_values(200000);
  const QuantileSketch sketch = sketch_of(values, 1);
  const double bound = std::ldexp(1.0, -QuantileSketch::kMantissaBits - 1);
  for (const double share : {0.0, 0.001, 0.02, 0.5, 0.7, 0.98, 1.0}) {
    const double exact = quantile(values, share);
    EXPECT_NEAR(sketch.quantile(share), exact, std::abs(exact) * bound * 1.0001);
  }
}

TEST(QuantileSketch, IsExactForManyRoundedValues) {
  auto values = random_values(200000);
  for (float& value : values) {
    const float rounded = QuantileSketch::rounded(value);
    EXPECT_NEAR(rounded, value, std::abs(value) * 0x1p-13F);
    EXPECT_EQ(QuantileSketch::rounded(rounded), rounded);
    value = rounded;
  }
  EXPECT_EQ(QuantileSketch::rounded(1), 1);
  EXPECT_EQ(QuantileSketch::rounded(0), 0);
  EXPECT_EQ(QuantileSketch::rounded(0.99999F), 1) << "never above a whole probability";
  EXPECT_EQ(sketch_of(values, 3).percentiles(), percentiles(values));
}

TEST(QuantileSketch, DoesNotDependOnHowItWasMerged) {
  // Just below and above the number up to which it is exact, and far above.
  for (const std::size_t count : {QuantileSketch::kExactValues, QuantileSketch::kExactValues + 1,
                                  3 * QuantileSketch::kExactValues}) {
    const auto values = random_values(count);
    const auto expected = sketch_of(values, 1).percentiles();
    for (const std::size_t parts : {2U, 7U}) {
      EXPECT_EQ(sketch_of(values, parts).percentiles(), expected) << count << " in " << parts;
    }
  }
  const auto whole = random_values(QuantileSketch::kExactValues);
  EXPECT_EQ(sketch_of(whole, 2).percentiles(), percentiles(whole));
}

TEST(QuantileSketch, IsTheSameOnceItWasWritten) {
  for (const int count : {0, 10, 70'000}) {  // the last is rounded
    QuantileSketch sketch;
    for (int i = 0; i < count; ++i) {
      sketch.add(static_cast<float>(i) * 0.3F);
    }
    const auto read = QuantileSketch::from_json(parse_json(sketch.to_json().dump()).value());
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read.value().count(), sketch.count());
    if (count == 0) continue;
    EXPECT_EQ(read.value().percentiles(), sketch.percentiles());
  }
  EXPECT_FALSE(QuantileSketch::from_json(Json()));
  EXPECT_FALSE(QuantileSketch::from_json(parse_json(R"({"values":["a"],"rounded":[]})").value()));
  EXPECT_FALSE(QuantileSketch::from_json(parse_json(R"({"values":[],"rounded":[[1,0]]})").value()));
}

}  // namespace
}  // namespace aludel::curate
