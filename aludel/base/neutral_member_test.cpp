#include "aludel/base/neutral_member.h"

#include <gtest/gtest.h>

namespace aludel {
namespace {

constexpr NeutralMember kList[] = {{"n", "1"}, {"n", "0"}, {"echo", "false"}, {"stop", "[]"}};

TEST(NeutralMember, AsksForNothingWithTheValuesOfItsList) {
  EXPECT_TRUE(is_neutral(kList, "n", Json(1)));
  EXPECT_TRUE(is_neutral(kList, "n", Json(1.0)));
  EXPECT_TRUE(is_neutral(kList, "n", Json(0)));
  EXPECT_TRUE(is_neutral(kList, "stop", Json::array()));
  EXPECT_FALSE(is_neutral(kList, "n", Json(1.5)));
  EXPECT_FALSE(is_neutral(kList, "n", Json("1"))) << "a text is no number";
  EXPECT_FALSE(is_neutral(kList, "echo", Json(true)));
  EXPECT_FALSE(is_neutral(kList, "other", Json(1)));
  EXPECT_EQ(neutral_values(kList, "n"), "1 or 0");
  EXPECT_EQ(neutral_values(kList, "other"), "");
}

}  // namespace
}  // namespace aludel
