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

text::TermStatistics statistics() {
  text::TermStatistics all;
  for (std::uint64_t topic = 0; topic < 60; ++topic) {
    for (std::uint64_t item = 0; item < 5; ++item) {
      all.add(text::split_terms(about(topic, item, 30)));
    }
  }
  return all;
}

TEST(Seam, IsFoundWhereTwoTopicsMeet) {
  const text::TermStatistics terms = statistics();
  int near = 0;
  int found = 0;
  for (std::uint64_t topic = 0; topic < 40; ++topic) {
    const std::string first = about(topic, 50, 15 + static_cast<int>(topic % 7));
    const Seam seam = find_seam(first + about(topic + 7, 51, 20), terms);
    found += seam.incoherence > 0.6 ? 1 : 0;
    const auto distance =
        static_cast<std::int64_t>(seam.position) - static_cast<std::int64_t>(first.size());
    near += std::abs(distance) < 400 ? 1 : 0;
  }
  EXPECT_GE(found, 30);
  EXPECT_GE(near, 38);
}

TEST(Seam, IsNotFoundInTextsOfOneTopic) {
  const text::TermStatistics terms = statistics();
  int found = 0;
  for (std::uint64_t topic = 0; topic < 60; ++topic) {
    found += find_seam(about(topic, 70, 35), terms).incoherence > 0.6 ? 1 : 0;
  }
  EXPECT_LE(found, 1);
}

TEST(Seam, IsNotLookedForInShortTexts) {
  const text::TermStatistics terms = statistics();
  EXPECT_EQ(find_seam(about(1, 1, 4) + about(2, 2, 4), terms).position, 0U);
  EXPECT_EQ(find_seam("", terms).incoherence, 0);
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
  const Seam seam = find_seam(text, statistics());
  EXPECT_GT(seam.position, 0U);
  EXPECT_EQ(utf8_boundary(text, seam.position), seam.position);
  EXPECT_TRUE(text.substr(0, seam.position).ends_with("。"));
}

TEST(Seam, TakesLinearTime) {
  const text::TermStatistics terms = statistics();
  const double started = now_seconds();
  find_seam(about(3, 3, 20'000), terms);  // 2.3 MB
  EXPECT_LT(now_seconds() - started, 5);
}

}  // namespace
}  // namespace aludel::curate::quality
