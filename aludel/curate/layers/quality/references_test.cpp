#include "aludel/curate/layers/quality/references.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aludel/base/rng.h"

namespace aludel::curate::quality {
namespace {

/// Words of one of ten topics, a hundred words each; no two documents of a topic have many in
/// common.
std::string words_of(std::uint64_t topic, std::uint64_t item, int count) {
  Rng rng(topic, item);
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "t" + std::to_string(topic) + "w" + std::to_string(rng.below(100)) + " ";
    text += "common" + std::to_string(rng.below(500)) + " ";
  }
  return text;
}

std::vector<std::string> corpus(std::uint64_t documents) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < documents; ++i) {
    texts.push_back(words_of(i % 10, i, 30));
  }
  return texts;
}

void add(ReferenceSample& sample, const std::string& text) {
  sample.add(text, text::distinct_terms(text::split_terms(text)));
}

ReferenceSample sample_of(const std::vector<std::string>& texts) {
  ReferenceSample sample;
  for (const std::string& text : texts) {
    add(sample, text);
  }
  return sample;
}

text::TermStatistics statistics_of(const std::vector<std::string>& texts) {
  text::TermStatistics statistics;
  for (const std::string& text : texts) {
    statistics.add(text::split_terms(text));
  }
  return statistics;
}

/// Likeness of two texts without a term in common: what they share is taken from the right one.
double likeness(const References& references, const text::TermStatistics& statistics,
                const std::string& left, const std::string& right) {
  std::map<std::uint32_t, SideTerm> sides;
  for (const text::Term& term : text::split_terms(left)) {
    sides[term.bucket] = {term.bucket, statistics.rarity(term.bucket), 0};
  }
  for (const text::Term& term : text::split_terms(right)) {
    sides.try_emplace(term.bucket, SideTerm{term.bucket, 0, statistics.rarity(term.bucket)});
  }
  std::vector<SideTerm> terms;
  for (const auto& [bucket, term] : sides) {
    terms.push_back(term);
  }
  return references.likeness(terms);
}

TEST(ReferenceSample, IsTheSameHoweverTheCorpusIsParted) {
  const std::vector<std::string> texts = corpus(3'000);
  const ReferenceSample whole = sample_of(texts);
  EXPECT_EQ(whole.documents().size(), ReferenceSample::kDocuments);
  ReferenceSample odd;
  ReferenceSample even;
  for (std::size_t i = texts.size(); i-- > 0;) {
    add(i % 2 == 0 ? even : odd, texts[i]);
  }
  for (const Json& row : even.to_rows()) {
    ASSERT_TRUE(odd.add_row(row));
  }
  EXPECT_EQ(odd.to_rows(), whole.to_rows());
}

TEST(ReferenceSample, HasATextOnceAndOfALongOneItsFirstTerms) {
  std::string long_text;
  for (int i = 0; i < 3'000; ++i) {
    long_text += "word" + std::to_string(i) + " ";
  }
  ReferenceSample sample = sample_of({"a b a", "a b a", long_text});
  ASSERT_EQ(sample.documents().size(), 2U);
  for (const auto& [key, counts] : sample.documents()) {
    EXPECT_TRUE(counts.size() == 2 || counts.size() == ReferenceSample::kTerms);
  }
}

TEST(ReferenceSample, IsReadBackFromItsRows) {
  const ReferenceSample sample = sample_of(corpus(50));
  ReferenceSample read;
  for (const Json& row : sample.to_rows()) {
    ASSERT_TRUE(read.add_row(row));
  }
  EXPECT_EQ(read.to_rows(), sample.to_rows());
  for (const std::string_view damaged : {"{}", "[]", "[1,2]", "[-1]", "[1,2,0]", "[1,262144,1]",
                                         "[1,2,\"3\"]", "[1,2,4294967296]"}) {
    EXPECT_FALSE(read.add_row(parse_json(damaged).value())) << damaged;
  }
}

TEST(References, KnowTextsOfOneTopicThatShareNoTerm) {
  const std::vector<std::string> texts = corpus(600);
  const text::TermStatistics statistics = statistics_of(texts);
  const References references(sample_of(texts), statistics);
  for (std::uint64_t topic = 0; topic < 10; ++topic) {
    const std::string left = words_of(topic, 9'000, 20);
    const double same = likeness(references, statistics, left, words_of(topic, 9'001, 20));
    const double other =
        likeness(references, statistics, left, words_of((topic + 1) % 10, 9'002, 20));
    EXPECT_GT(same, other + 0.3) << topic;
  }
}

TEST(References, LeaveOutCopiesOfASide) {
  std::vector<std::string> texts = corpus(600);
  const std::string left = words_of(1, 9'000, 40);
  const std::string right = words_of(2, 9'001, 40);
  const text::TermStatistics statistics = statistics_of(texts);
  const References without(sample_of(texts), statistics);
  texts.push_back(left);
  texts.push_back(left + right);
  const References with(sample_of(texts), statistics);
  EXPECT_DOUBLE_EQ(likeness(with, statistics, left, right),
                   likeness(without, statistics, left, right));
}

TEST(References, DoNotKnowWhereDocumentsAreFew) {
  const std::vector<std::string> texts = corpus(20);
  const text::TermStatistics statistics = statistics_of(texts);
  const References references(sample_of(texts), statistics);
  EXPECT_EQ(references.likeness({}), References::kUnknown);
  EXPECT_EQ(likeness(references, statistics, texts[0], texts[1]), References::kUnknown);
}

}  // namespace
}  // namespace aludel::curate::quality
