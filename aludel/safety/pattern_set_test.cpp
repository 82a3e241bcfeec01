#include "aludel/safety/pattern_set.h"

#include <gtest/gtest.h>

#include "aludel/base/threads.h"

namespace aludel::safety {
namespace {

TEST(PatternSet, FindsLiteralsInEitherCaseInOrder) {
  const std::vector<std::string> literals = {"bomb", "中文", "a b"};
  const PatternSet set = PatternSet::of_literals(literals).value();
  const auto hits = set.find("BOMB 中文 xa B");
  ASSERT_EQ(hits.size(), 3U);
  EXPECT_EQ(hits[0].pattern, 0U);
  EXPECT_EQ(hits[1].begin, 5U);
  EXPECT_EQ(hits[1].end, 11U);
  EXPECT_EQ(hits[2].pattern, 2U);
}

TEST(PatternSet, KeepsTheLongestHitOfAnExpression) {
  const std::vector<std::string> expressions = {"[0-9]{2,6}", "ab+"};
  const PatternSet set = PatternSet::of_expressions(expressions).value();
  const auto hits = set.find("x 1234 abbb");
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].begin, 2U);
  EXPECT_EQ(hits[0].end, 6U);
  EXPECT_EQ(hits[1].end, 11U);
}

TEST(PatternSet, RefusesWhatDoesNotCompile) {
  const std::vector<std::string> bad = {"ok", "(unclosed"};
  const auto result = PatternSet::of_expressions(bad);
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().message.find("(unclosed"), std::string::npos);
  const std::vector<std::string> empty = {""};
  EXPECT_FALSE(PatternSet::of_literals(empty).has_value());
}

TEST(PatternSet, AnEmptySetFindsNothing) {
  EXPECT_TRUE(PatternSet::of_literals({}).value().find("text").empty());
}

TEST(PatternSet, SearchesFromManyThreads) {
  const std::vector<std::string> literals = {"needle"};
  const PatternSet set = PatternSet::of_literals(literals).value();
  std::vector<std::size_t> counts(64);
  Threads threads(4);
  threads.parallel_for(counts.size(),
                       [&](std::size_t i) { counts[i] = set.find("a needle, a Needle").size(); });
  for (const std::size_t count : counts) {
    EXPECT_EQ(count, 2U);
  }
}

}  // namespace
}  // namespace aludel::safety
