#include "aludel/curate/cascade/cascade.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

TEST(Cascade, OrdersEveryRegisteredLayerExactlyOnce) {
  EXPECT_EQ(cascade_order().size(), all_layers().size());
  EXPECT_EQ(cascade().size(), all_layers().size());
  for (const LayerSpec* spec : all_layers()) {
    EXPECT_EQ(std::ranges::count(cascade_order(), spec->name), 1) << spec->name;
    EXPECT_FALSE(spec->summary.empty()) << spec->name;
    EXPECT_FALSE(spec->source.empty()) << spec->name;
    EXPECT_TRUE(spec->defaults().is_object()) << spec->name;
  }
}

TEST(Cascade, NamesTheNearestLayerForAnUnknownOne) {
  EXPECT_EQ(find_layer("metrics").value()->name, "metrics");
  const auto missing = find_layer("metrix");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::invalid_argument);
  EXPECT_NE(missing.error().message.find("did you mean 'metrics'"), std::string::npos);
}

}  // namespace
}  // namespace aludel::curate
