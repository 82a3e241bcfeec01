#include "aludel/text/classifier/weight_table.h"

#include <bit>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "aludel/base/isa.h"
#include "aludel/base/rng.h"

namespace aludel::text {
namespace {

constexpr std::size_t kBuckets = 1000;

float uniform(Rng& rng) {
  return static_cast<float>(rng.below(2'000'001)) / 1e6F - 1;
}

WeightTable random_table(std::size_t labels) {
  WeightTable table(kBuckets, labels);
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    Rng rng(21, bucket);
    for (std::uint16_t& bits : table.row(bucket)) {
      bits = to_bf16_bits(8 * uniform(rng));
    }
  }
  return table;
}

std::vector<Feature> random_features(std::size_t count) {
  Rng rng(22, count);
  std::vector<Feature> features(count);
  for (Feature& feature : features) {
    feature = {static_cast<std::uint32_t>(rng.below(kBuckets)), uniform(rng)};
  }
  return features;
}

TEST(WeightTable, GivesTheBitsOfTheReferenceOnEveryInstructionSet) {
  const Isa best = choose_isa("").value();
  for (const std::size_t labels : {2U, 3U, 4U, 5U, 15U, 30U, 32U, 33U, 100U}) {
    const WeightTable table = random_table(labels);
    for (const std::size_t count : {0U, 1U, 15U, 16U, 17U, 700U}) {
      const std::vector<Feature> features = random_features(count);
      std::vector<float> expected(labels, 0.25F);
      table.add_rows_reference(features, expected);
      for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512}) {
        if (isa > best) continue;
        limit_libraries(isa);
        std::vector<float> sums(labels, 0.25F);
        table.add_rows(features, sums);
        EXPECT_EQ(sums, expected) << isa_name(isa) << ", " << labels << " labels";
      }
    }
  }
  limit_libraries(best);
}

TEST(WeightTable, SumsRowsTimesValues) {
  WeightTable table(4, 2);
  table.row(1)[0] = to_bf16_bits(3);
  table.row(3)[0] = to_bf16_bits(-1);
  table.row(3)[1] = to_bf16_bits(0.5F);
  std::vector<float> sums = {10, 20};
  table.add_rows(std::vector<Feature>{{1, 2.0F}, {3, 4.0F}, {0, 1.0F}}, sums);
  EXPECT_EQ(sums, (std::vector<float>{10 + 6 - 4, 20 + 2}));
}

TEST(WeightTable, KeepsRowsApart) {
  for (const std::size_t labels : {2U, 3U, 5U, 33U}) {
    WeightTable table(8, labels);
    for (std::uint16_t& bits : table.row(3)) {
      bits = to_bf16_bits(1);
    }
    for (std::size_t bucket = 0; bucket < 8; ++bucket) {
      ASSERT_EQ(table.row(bucket).size(), labels);
      for (const std::uint16_t bits : table.row(bucket)) {
        EXPECT_EQ(from_bf16_bits(bits), bucket == 3 ? 1.0F : 0.0F);
      }
    }
  }
}

TEST(Bf16, IsTheNearestAndOfTwoTheEven) {
  EXPECT_EQ(from_bf16_bits(to_bf16_bits(1.0F)), 1.0F);
  EXPECT_EQ(from_bf16_bits(to_bf16_bits(1 + 1.0F / 256)), 1.0F);
  EXPECT_EQ(from_bf16_bits(to_bf16_bits(1 + 3.0F / 256)), 1 + 1.0F / 64);
  EXPECT_EQ(from_bf16_bits(to_bf16_bits(-0.3F)), -0.30078125F);
}

TEST(ExactValue, MakesProductsWithBf16ExactInF32) {
  Rng rng(23, 0);
  for (int i = 0; i < 10000; ++i) {
    const float raw = uniform(rng);
    const float value = exact_value(raw);
    EXPECT_NEAR(value, raw, std::abs(raw) / 65536);
    const float weight = from_bf16_bits(to_bf16_bits(uniform(rng)));
    const double product = static_cast<double>(value) * weight;
    EXPECT_EQ(static_cast<double>(static_cast<float>(product)), product);
  }
}

}  // namespace
}  // namespace aludel::text
