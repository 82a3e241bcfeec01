#include "aludel/curate/layers/shared/quantile.h"

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

TEST(Quantile, IsTheValueOfTheNearestRank) {
  const std::vector<float> values = {30, 10, 50, 20, 40};
  EXPECT_EQ(quantile(values, 0), 10);
  EXPECT_EQ(quantile(values, 0.2), 10);
  EXPECT_EQ(quantile(values, 0.21), 20);
  EXPECT_EQ(quantile(values, 0.5), 30);
  EXPECT_EQ(quantile(values, 1), 50);
  EXPECT_EQ(quantile({7}, 0.9), 7);
}

TEST(Percentiles, AreTheQuantilesAtEachHundredth) {
  for (const std::size_t count : {1U, 3U, 7U, 100U, 1009U}) {
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) {
      values.push_back(static_cast<float>(i * 7919 % count));
    }
    const auto found = percentiles(values);
    ASSERT_EQ(found.size(), 101U);
    for (const int percent : {0, 50, 100}) {
      EXPECT_EQ(static_cast<double>(found[static_cast<std::size_t>(percent)]),
                quantile(values, percent / 100.0));
    }
  }
}

TEST(Percentiles, SayWhereAValueLies) {
  std::vector<float> values;
  for (int i = 1; i <= 100; ++i) {
    values.push_back(static_cast<float>(i));
  }
  const auto found = percentiles(values);
  EXPECT_EQ(percentile_of(-3, found), 1);
  EXPECT_EQ(percentile_of(30, found), 30);
  EXPECT_EQ(percentile_of(30.5F, found), 31);
  EXPECT_EQ(percentile_of(100, found), 100);
  EXPECT_EQ(percentile_of(1e9F, found), 100);
}

}  // namespace
}  // namespace aludel::curate
