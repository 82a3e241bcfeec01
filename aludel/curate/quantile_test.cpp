#include "aludel/curate/quantile.h"

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

}  // namespace
}  // namespace aludel::curate
