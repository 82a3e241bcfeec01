#include "aludel/report/difference.h"

#include <gtest/gtest.h>

namespace aludel::report {
namespace {

TEST(Difference, MarksWordsThatOnlyOneTextHas) {
  const Difference shown = difference("Call 555 or write now.", "Call PHONE or write.");
  EXPECT_EQ(shown.before, "Call <del>555</del> or <del>write now.</del>");
  EXPECT_EQ(shown.after, "Call <ins>PHONE</ins> or <ins>write.</ins>");
}

TEST(Difference, TakesChineseLetterByLetter) {
  const Difference shown = difference("电话是一二三。", "电话是号码。");
  EXPECT_EQ(shown.before, "电话是<del>一二三</del>。");
  EXPECT_EQ(shown.after, "电话是<ins>号码</ins>。");
}

TEST(Difference, EscapesAndMarksNothingInEqualTexts) {
  EXPECT_EQ(difference("a < b", "a < b").before, "a &lt; b");
  EXPECT_EQ(difference("", "new").after, "<ins>new</ins>");
  EXPECT_EQ(difference("gone", "").before, "<del>gone</del>");
}

}  // namespace
}  // namespace aludel::report
