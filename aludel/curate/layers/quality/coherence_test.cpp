#include "aludel/curate/layers/quality/coherence.h"

#include <string>

#include <gtest/gtest.h>

#include "aludel/base/clock.h"
#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"

namespace aludel::curate::quality {
namespace {

/// Sentences in which two words of five are the topic's own.
std::string about(std::uint64_t topic, std::uint64_t item, int sentences) {
  Rng rng(topic, item);
  std::string text;
  for (int i = 0; i < sentences; ++i) {
    for (int word = 0; word < 10; ++word) {
      const bool own = rng.below(5) < 2;
      text += own ? "topic" + std::to_string(topic) + "x" + std::to_string(rng.below(60))
                  : "common" + std::to_string(rng.below(400));
      text += word == 9 ? ".\n" : " ";
    }
  }
  return text;
}

SeamFinder finder() {
  text::TermStatistics statistics;
  ReferenceSample sample;
  for (std::uint64_t topic = 0; topic < 60; ++topic) {
    for (std::uint64_t item = 0; item < 5; ++item) {
      const std::string text = about(topic, item, 30);
      const text::DistinctTerms terms = text::distinct_terms(text::split_terms(text));
      statistics.add(terms);
      sample.add(text, terms);
    }
  }
  return {std::move(statistics), sample};
}

TEST(Seam, IsFoundWhereTwoTopicsMeet) {
  const SeamFinder seams = finder();
  int near = 0;
  int found = 0;
  for (std::uint64_t topic = 0; topic < 40; ++topic) {
    const std::string first = about(topic, 50, 15 + static_cast<int>(topic % 7));
    const Seam seam = seams.find(first + about(topic + 7, 51, 20));
    found += seam.incoherence > 0.6 ? 1 : 0;
    const auto distance =
        static_cast<std::int64_t>(seam.position) - static_cast<std::int64_t>(first.size());
    near += std::abs(distance) < 400 ? 1 : 0;
  }
  EXPECT_GE(found, 30);
  EXPECT_GE(near, 38);
}

TEST(Seam, IsNotFoundInTextsOfOneTopic) {
  const SeamFinder seams = finder();
  int found = 0;
  for (std::uint64_t topic = 0; topic < 60; ++topic) {
    found += seams.find(about(topic, 70, 35)).incoherence > 0.6 ? 1 : 0;
  }
  EXPECT_LE(found, 1);
}

TEST(Seam, IsFoundAtTheSentenceThatBeginsTheSecondText) {
  const SeamFinder seams = finder();
  int exact = 0;
  for (std::uint64_t topic = 0; topic < 40; ++topic) {
    const std::string first = about(topic, 50, 15);
    exact += seams.find(first + about(topic + 7, 51, 20)).position == first.size() ? 1 : 0;
  }
  EXPECT_GE(exact, 20);
}

TEST(Seam, IsLessSureWhereBothSidesNameTheSame) {
  const SeamFinder seams = finder();
  const auto with_names = [](std::string_view text, std::string_view name) {
    std::string named;
    for (const char c : text) {
      if (c == '.') named.append(" ").append(name);
      named += c;
    }
    return named;
  };
  const std::string first = about(3, 50, 15);
  const std::string second = about(12, 51, 15);
  const auto incoherence = [&](std::string_view left, std::string_view right) {
    return seams.find(with_names(first, left) + with_names(second, right)).incoherence;
  };
  EXPECT_LT(incoherence("Ada Lovelace", "Ada Lovelace"),
            incoherence("ada lovelace", "ada lovelace"));
  EXPECT_GT(incoherence("Ada Lovelace", "Charles Babbage"),
            incoherence("Ada Lovelace", "Ada Lovelace"));
}

TEST(Seam, IsNotLookedForInShortTexts) {
  const SeamFinder seams = finder();
  EXPECT_EQ(seams.find(about(1, 1, 4) + about(2, 2, 4)).position, 0U);
  EXPECT_EQ(seams.find("").incoherence, 0);
}

TEST(Seam, LiesAtTheBeginOfACodePoint) {
  std::string text;
  Rng rng(5, 5);
  for (int sentence = 0; sentence < 20; ++sentence) {
    for (int i = 0; i < 12; ++i) {
      append_utf8(text, static_cast<char32_t>((sentence < 10 ? 0x4E00 : 0x8000) + rng.below(200)));
    }
    text += "。";
  }
  const Seam seam = finder().find(text);
  EXPECT_GT(seam.position, 0U);
  EXPECT_EQ(utf8_boundary(text, seam.position), seam.position);
  EXPECT_TRUE(text.substr(0, seam.position).ends_with("。"));
}

TEST(Seam, TakesLinearTime) {
  const SeamFinder seams = finder();
  const double started = now_seconds();
  seams.find(about(3, 3, 20'000));  // 2.3 MB
  EXPECT_LT(now_seconds() - started, 5);
}

}  // namespace
}  // namespace aludel::curate::quality
