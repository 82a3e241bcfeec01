#include "aludel/text/han_converter.h"

#include <string>

#include <gtest/gtest.h>

namespace aludel::text {
namespace {

TEST(HanConverter, ConvertsOrSaysThatItCannot) {
  const auto simplified = HanConverter::open(HanForm::simplified);
  if (!simplified) {
    EXPECT_EQ(simplified.error().code, Code::unsupported) << simplified.error().message;
    GTEST_SKIP() << simplified.error().message;
  }
  EXPECT_EQ(simplified.value().convert("圖書館上午九點開門，頭髮和發現。"),
            "图书馆上午九点开门，头发和发现。");
  EXPECT_EQ(simplified.value().convert("plain text"), "plain text");
  EXPECT_EQ(simplified.value().convert(""), "");
  const auto traditional = HanConverter::open(HanForm::traditional);
  ASSERT_TRUE(traditional);
  EXPECT_EQ(traditional.value().convert("头发和发现"), "頭髮和發現");  // by phrase, not by sign
}

}  // namespace
}  // namespace aludel::text
