#include "aludel/text/terms.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "aludel/base/hash.h"

namespace aludel::text {
namespace {

std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> all;
  for (const Term& term : split_terms(text)) {
    all.emplace_back(text.substr(term.begin, term.end - term.begin));
  }
  return all;
}

TEST(Terms, AreWordsAndPairsOfHan) {
  EXPECT_EQ(pieces("Two words, 我爱你。他x"),
            (std::vector<std::string>{"Two", "words", "我爱", "爱你", "x"}));
  EXPECT_EQ(split_terms("ABC")[0].bucket, split_terms("abc")[0].bucket);
  EXPECT_NE(split_terms("我爱")[0].bucket, split_terms("爱我")[0].bucket);
}

TEST(Terms, AreSortedByBucket) {
  std::string text;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    text += std::to_string(mix64(i) % 700) + " ";
  }
  for (const std::string_view some :
       {std::string_view(), std::string_view("one"), std::string_view(text)}) {
    const auto terms = split_terms(some);
    std::vector<std::uint32_t> expected;
    for (const Term& term : terms) {
      expected.push_back(term.bucket);
    }
    std::ranges::sort(expected);
    EXPECT_EQ(sorted_buckets(terms), expected);
  }
}

TEST(DistinctTerms, AreNumberedInTheOrderOfTheText) {
  std::vector<Term> terms;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    terms.push_back({i * i % 3001 * 7, i, i + 1});
  }
  const DistinctTerms distinct = distinct_terms(terms);
  ASSERT_EQ(distinct.numbers.size(), terms.size());
  std::vector<std::uint32_t> seen;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const auto found = std::ranges::find(seen, terms[i].bucket);
    EXPECT_EQ(distinct.numbers[i], found - seen.begin());
    if (found == seen.end()) seen.push_back(terms[i].bucket);
  }
  EXPECT_EQ(distinct.buckets, seen);
  EXPECT_TRUE(distinct_terms({}).buckets.empty());
}

TEST(TermStatistics, CountDocumentsNotOccurrences) {
  TermStatistics statistics;
  statistics.add(split_terms("a a a b"));
  TermStatistics later;
  later.add(split_terms("a c"));
  statistics.merge(later);
  const auto share = [&](std::string_view word) {
    return statistics.document_share(split_terms(word)[0].bucket);
  };
  EXPECT_EQ(statistics.documents(), 2U);
  EXPECT_DOUBLE_EQ(statistics.mean_terms(), 3);
  EXPECT_DOUBLE_EQ(share("a"), 2.5 / 3);
  EXPECT_DOUBLE_EQ(share("b"), 1.5 / 3);
  EXPECT_DOUBLE_EQ(share("unseen"), 0.5 / 3);
  EXPECT_DOUBLE_EQ(statistics.rarity(split_terms("c")[0].bucket), std::log(2.0));
}

TEST(TermStatistics, AreReadBackFromJson) {
  TermStatistics statistics;
  statistics.add(split_terms("some words of a text"));
  const Json json = statistics.to_json();
  EXPECT_EQ(TermStatistics::from_json(json).value().to_json(), json);
  EXPECT_FALSE(TermStatistics::from_json(Json::object()));
  Json damaged = json;
  damaged["counts"].push_back(std::int64_t{1} << 40);
  damaged["counts"].push_back(1);
  EXPECT_FALSE(TermStatistics::from_json(damaged));
}

}  // namespace
}  // namespace aludel::text
