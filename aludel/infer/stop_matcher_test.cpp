#include "aludel/infer/stop_matcher.h"

#include <gtest/gtest.h>

namespace aludel::infer {
namespace {

/// The text shown when `text` arrives in pieces of `size` bytes.
std::string shown(std::vector<std::string> stops, const std::string& text, std::size_t size) {
  StopMatcher matcher(std::move(stops));
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += size) {
    out += matcher.push(text.substr(at, size));
  }
  return out + matcher.finish();
}

TEST(StopMatcher, CutsAtTheFirstStopStringWhateverThePieces) {
  for (std::size_t size = 1; size < 12; ++size) {
    EXPECT_EQ(shown({"###", "\n\nQ:"}, "one ## two\n\nQ: three ###", size), "one ## two");
    EXPECT_EQ(shown({"never"}, "one neve two", size), "one neve two");
    EXPECT_EQ(shown({}, "plain", size), "plain");
    EXPECT_EQ(shown({"ab", "aab"}, "xaab", size), "x");
    EXPECT_EQ(shown({"abcd", "bc"}, "xabcd", size), "xa");
  }
}

TEST(StopMatcher, PrefersTheLongerOfTwoThatEndTogether) {
  EXPECT_EQ(shown({"bc", "abc"}, "xabcd", 5), "x");
}

TEST(StopMatcher, HoldsBackOnlyWhatMayBecomeAStopString) {
  StopMatcher matcher({"END"});
  EXPECT_EQ(matcher.push("text E"), "text ");
  EXPECT_EQ(matcher.push("N"), "");
  EXPECT_EQ(matcher.push("X"), "ENX");
  EXPECT_EQ(matcher.push("EN"), "");
  EXPECT_FALSE(matcher.stopped());
  EXPECT_EQ(matcher.finish(), "EN");
}

TEST(StopMatcher, ShowsNothingAfterTheStop) {
  StopMatcher matcher({"."});
  EXPECT_EQ(matcher.push("a.b"), "a");
  EXPECT_TRUE(matcher.stopped());
  EXPECT_EQ(matcher.push("more"), "");
  EXPECT_EQ(matcher.finish(), "");
}

}  // namespace
}  // namespace aludel::infer
