#include "aludel/base/json_items.h"

#include <gtest/gtest.h>

namespace aludel {
namespace {

TEST(JsonItems, AreNoneWhereThereIsNoListAndNoTable) {
  const Json record =
      parse_json(R"({"list":[1,2],"table":{"a":1},"text":"[1]","none":null})").value();
  EXPECT_EQ(items_of(record.find("list")).size(), 2U);
  EXPECT_EQ(members_of(record.find("table")).size(), 1U);
  for (const char* other : {"text", "none", "missing", "table"}) {
    EXPECT_TRUE(items_of(record.find(other)).empty()) << other;
  }
  for (const char* other : {"text", "none", "missing", "list"}) {
    EXPECT_TRUE(members_of(record.find(other)).empty()) << other;
  }
}

}  // namespace
}  // namespace aludel
