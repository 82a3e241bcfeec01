#include "aludel/base/json_doubled.h"

#include <gtest/gtest.h>

namespace aludel {
namespace {

TEST(DoubledMember, IsFoundWhereverItStands) {
  const auto doubled = [](std::string_view text) {
    return doubled_member(parse_json(text).value()).value_or("none");
  };
  EXPECT_EQ(doubled(R"({"a": 1, "b": 2, "a": 1})"), "a");
  EXPECT_EQ(doubled(R"({"a": 1, "\u0061": 2})"), "a");
  EXPECT_EQ(doubled(R"({"a": {"b": 1, "c": [{"d": 1, "d": 2}]}})"), "a.c.d");
  EXPECT_EQ(doubled(R"([{"": 1, "": 2}])"), "");
  EXPECT_EQ(doubled(R"({"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}], "A": 1})"), "none");
  EXPECT_EQ(doubled("7"), "none");
}

}  // namespace
}  // namespace aludel
