// The peers' own unit tests as oracles for the ways of counting repetition; where they come from:
// metrics/peers_test.cpp.
#include "aludel/curate/layers/repetition/shares.h"

#include <string>

#include "tests/repeat_text.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

RepetitionShares shares_of(RepetitionShares (*measure)(Document&), std::string text) {
  Document document;
  document.text = std::move(text);
  return measure(document);
}

TEST(SharesAsDatatrove, FallsWhereItsTestsFall) {
  EXPECT_GT(shares_of(measure_as_datatrove, times("I am your father.\n", 4)).lines, 0.3);
  EXPECT_EQ(shares_of(measure_as_datatrove, times("I am your father.\n\n", 4)).paragraphs, 0.75);
  const std::string x = std::string(30, 'x') + ".\n\n";
  const auto paragraphs = shares_of(
      measure_as_datatrove, "I am groot.\n\nYou are a wizard.\n\nI am your father.\n\n" + x + x);
  EXPECT_LE(paragraphs.paragraphs, 0.3);
  EXPECT_GT(paragraphs.paragraph_characters, 0.2);
  const std::string y = std::string(40, 'x') + ".\n";
  const auto lines = shares_of(measure_as_datatrove,
                               "I am groot.\nYou are a wizard.\nI am your father.\n" + y + y);
  EXPECT_LE(lines.lines, 0.3);
  EXPECT_GT(lines.line_characters, 0.2);
  EXPECT_GT(shares_of(measure_as_datatrove, "I am Frank, I am Frank, I am Frank").top[0], 0.2);
  const auto third = shares_of(measure_as_datatrove,
                               "I am Frank, you are Jhon. I am Frank. I am Frank you are Jhon");
  EXPECT_LE(third.top[0], 0.2);
  EXPECT_GT(third.top[1], 0.18);
}

TEST(SharesAsDatatrove, TakesRepeatedNgramsFromLeftToRight) {
  const std::string filler =
      " Nobody else on this road ever knew why bells rang so late, nor which old tower held them, "
      "though many guesses were made over supper whenever wind blew from hills beyond our river.";
  const auto shares = shares_of(measure_as_datatrove, times("I am a solo traveller ", 4) + filler);
  EXPECT_LE(shares.top[2], 0.16 + 0.2);
  // Words 5 to 9, 10 to 14, 15 to 19 are hits: three times "Iamasolotraveller".
  const double all = 22 * 4 + static_cast<double>(filler.size());
  EXPECT_DOUBLE_EQ(shares.duplicated[0], 3 * 17 / all);
}

TEST(SharesAsDatatrove, ComparesNgramsWithoutTheSpaceBetweenWords) {
  // "ab c d e f" and "a bc d e f" are one 5-gram to it.
  const std::string text = "ab c d e f x a bc d e f";
  EXPECT_DOUBLE_EQ(shares_of(measure_as_datatrove, text).duplicated[0],
                   6.0 / static_cast<double>(text.size()));
}

TEST(SharesAsDatatrove, CountsTheTopNgramEvenWhereItOccursOnce) {
  EXPECT_DOUBLE_EQ(shares_of(measure_as_datatrove, "alpha beta gamma").top[0], 10.0 / 16);
  EXPECT_DOUBLE_EQ(shares_of(measure_as_datatrove, "alpha beta").top[1], 0);
}

TEST(SharesAsDolma, GivesItsTestsValues) {
  const auto one = shares_of(measure_as_dolma, "This is a test.");
  EXPECT_DOUBLE_EQ(one.top[0], 0.5);
  EXPECT_DOUBLE_EQ(one.top[1], 0.5833333333333334);
  EXPECT_DOUBLE_EQ(one.top[2], 1.0);
  const auto three = shares_of(
      measure_as_dolma,
      "This is a sentence. \n  \n This is another sentence.\n\n  This is a third sentence.");
  EXPECT_DOUBLE_EQ(three.top[0], 0.3050847457627119);
  EXPECT_DOUBLE_EQ(three.top[1], 0.23728813559322035);
  EXPECT_DOUBLE_EQ(three.top[2], 0.2711864406779661);
  for (const double share : three.duplicated) {
    EXPECT_EQ(share, 0);
  }
  EXPECT_EQ(three.lines, 0);
  EXPECT_EQ(three.line_characters, 0);
}

TEST(SharesAsDclm, GivesItsTestsValuesForLinesAndParagraphs) {
  EXPECT_EQ(shares_of(measure_as_dclm, "").lines, 1) << "an empty page falls";
  EXPECT_EQ(shares_of(measure_as_dclm, "Hello, World.").lines, 0);
  const auto all = shares_of(measure_as_dclm, "Hello\nHello\n\n\n\nHello");
  EXPECT_EQ(all.lines, 1);
  EXPECT_EQ(all.line_characters, 1);
  const auto some = shares_of(measure_as_dclm, "Hello, World.\nHello, World.\n\nHello");
  EXPECT_DOUBLE_EQ(some.lines, 2.0 / 3);
  EXPECT_DOUBLE_EQ(some.line_characters, 26.0 / 31);
  const auto mixed =
      shares_of(measure_as_dclm, "Hello, World.\n\nHello, World.\n\nHello, World.\nHello");
  EXPECT_DOUBLE_EQ(mixed.paragraphs, 2.0 / 3);
  EXPECT_DOUBLE_EQ(mixed.paragraph_characters, 26.0 / 45);
}

TEST(SharesAsDclm, GivesItsTestsValuesForNgrams) {
  EXPECT_EQ(shares_of(measure_as_dclm, "hello").top[0], 0);
  const auto all = shares_of(measure_as_dclm, "hello world hello world hello world");
  EXPECT_GT(all.top[0], 0.99);
  EXPECT_GT(all.top[1], 0.99);
  EXPECT_GT(all.top[2], 0.99);
  const auto spaced =
      shares_of(measure_as_dclm, "hello      world hello apple.... world hello\n world hello");
  EXPECT_DOUBLE_EQ(spaced.top[0], 30.0 / 40);
  EXPECT_DOUBLE_EQ(spaced.top[1], 30.0 / 40);
  EXPECT_EQ(spaced.top[2], 0);
  for (const std::string text : {"a b a b a b ab cd ab cd ab cd abc def abc def",
                                 "a b a b a b abc def abc def ab cd ab cd ab cd"}) {
    EXPECT_DOUBLE_EQ(shares_of(measure_as_dclm, text).top[0], 12.0 / 30) << "the longest of a tie";
  }
  const auto covered =
      shares_of(measure_as_dclm,
                "hello world hello\n world hello. apple world hello world hello world hello world");
  EXPECT_DOUBLE_EQ(covered.duplicated[0], 60.0 / 65);
}

TEST(SharesAsNemo, KeepsAndDropsAsItsTestsDo) {
  EXPECT_EQ(shares_of(measure_as_nemo, "totally unique").lines, 0);
  EXPECT_GT(shares_of(measure_as_nemo, "half.\nhalf.").lines, 0.3);
  EXPECT_GT(shares_of(measure_as_nemo, "half.\n\nhalf.").paragraphs, 0.3);
  EXPECT_LE(shares_of(measure_as_nemo, "a.\na.\nvery very very short duplicate.").line_characters,
            0.2);
  const std::string twice = "super very incredibly huge long duplicate.";
  EXPECT_GT(shares_of(measure_as_nemo, twice + "\n" + twice + "\na.\nb.\nc.").line_characters, 0.2);
  EXPECT_LE(shares_of(measure_as_nemo,
                      "this is a totally fine sentence with no repeat ngrams so we are ok")
                .top[0],
            0.2);
  EXPECT_GT(shares_of(measure_as_nemo, "a b . a b").top[0], 0.2);
  EXPECT_GT(shares_of(measure_as_nemo, "a a a a a a").top[0], 0.2);
  EXPECT_LE(shares_of(measure_as_nemo, "totally fine small dupe a b a b").top[0], 0.2);
  EXPECT_EQ(shares_of(measure_as_nemo, "one").top[0], 1) << "fewer words than n";
}

TEST(SharesAsNemo, CountsLaterNgramsWithTheirSpaces) {
  // 2-grams are not among the repeated ones it measures by default; 5-grams are. Second "a b c d
  // e": 5 letters, 4 spaces.
  const std::string text = "a b c d e f a b c d e";
  EXPECT_DOUBLE_EQ(shares_of(measure_as_nemo, text).duplicated[0],
                   9.0 / static_cast<double>(text.size()));
}

}  // namespace
}  // namespace aludel::curate
