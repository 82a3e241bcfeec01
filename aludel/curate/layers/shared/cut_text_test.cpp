#include "aludel/curate/layers/shared/cut_text.h"

#include <vector>

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

/// Cuts what stands between < and >.
std::string cut_marked(std::string_view marked) {
  std::string text;
  std::vector<Range> cuts;
  for (const char c : marked) {
    if (c == '<') {
      cuts.push_back({text.size(), text.size()});
    } else if (c == '>') {
      cuts.back().end = text.size();
    } else {
      text += c;
    }
  }
  return cut_text(text, cuts);
}

TEST(CutText, KeepsOneSeparatorWhereTwoPartsMeet) {
  EXPECT_EQ(cut_marked("one <two> three"), "one three");
  EXPECT_EQ(cut_marked("one\n<two>\nthree\n"), "one\nthree\n");
  EXPECT_EQ(cut_marked("one\n\n<two>\n\nthree"), "one\n\nthree");
  EXPECT_EQ(cut_marked("one\n\n<two> three"), "one\n\nthree");
  EXPECT_EQ(cut_marked("我<爱>你"), "我你");
}

TEST(CutText, LeavesNoSpaceAtTheEnds) {
  EXPECT_EQ(cut_marked("<one>\ntwo"), "two");
  EXPECT_EQ(cut_marked("one\n<two>"), "one");
  EXPECT_EQ(cut_marked("<all of it>"), "");
}

TEST(CutText, TakesSeveralCutsAndNone) {
  EXPECT_EQ(cut_marked("a <b> c <d> e"), "a c e");
  EXPECT_EQ(cut_marked("a <b> <c> d"), "a d");
  EXPECT_EQ(cut_marked(" nothing cut \n"), " nothing cut \n");
}

}  // namespace
}  // namespace aludel::curate
