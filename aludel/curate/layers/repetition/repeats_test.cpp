#include "aludel/curate/layers/repetition/repeats.h"

#include <string>

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

constexpr std::array<std::size_t, 3> kTop = {2, 3, 4};
constexpr std::array<std::size_t, 6> kDuplicated = {5, 6, 7, 8, 9, 10};

RepeatedGrams grams_of(std::string_view text) {
  return repeated_grams(scan_text(text).words, kTop, kDuplicated, Copies::all);
}

TEST(RepeatedParts, CountsEveryOccurrenceOfALineThatOccursTwice) {
  const std::string_view text = "aaaa\nbb\n\naaaa.\n aaaa\ncccc";
  const RepeatedPart lines = repeated_lines(scan_text(text), Copies::all);
  EXPECT_DOUBLE_EQ(lines.count, 2.0 / 5);        // "aaaa" twice, "aaaa." is another line
  EXPECT_DOUBLE_EQ(lines.characters, 8.0 / 18);  // of word characters only
}

TEST(RepeatedParts, PassesASingleLineAndEmptyText) {
  EXPECT_EQ(repeated_lines(scan_text("one"), Copies::all).count, 0);
  EXPECT_EQ(repeated_lines(scan_text(""), Copies::all).characters, 0);
}

TEST(RepeatedParts, CutsParagraphsAtBlankLines) {
  const std::string_view text = "a b\nc\n\na b\nc\n\n\nd";
  const RepeatedPart paragraphs = repeated_paragraphs(text, scan_text(text), Copies::all);
  EXPECT_DOUBLE_EQ(paragraphs.count, 2.0 / 3);
  EXPECT_DOUBLE_EQ(paragraphs.characters, 6.0 / 7);
}

TEST(RepeatedGrams, TakesTheMostFrequentGramAndTheLongestOfATie) {
  // "a b" and "xxxx yyyy" occur twice each: 2 * 8 of 24 characters.
  const RepeatedGrams grams = grams_of("a b xxxx yyyy c a b d xxxx yyyy ee");
  EXPECT_DOUBLE_EQ(grams.top[0], 16.0 / 24);
  EXPECT_EQ(grams.top[1], 0);  // no 3-gram occurs twice
}

TEST(RepeatedGrams, CountsAWordOnceHoweverManyRepeatedGramsCoverIt) {
  // The 6-gram "a b c d e f" occurs twice: two overlapping 5-grams each time, 12 of 15 words.
  const RepeatedGrams grams = grams_of("a b c d e f x a b c d e f y z");
  EXPECT_DOUBLE_EQ(grams.duplicated[0], 12.0 / 15);
  EXPECT_DOUBLE_EQ(grams.duplicated[1], 12.0 / 15);
  EXPECT_EQ(grams.duplicated[2], 0);
}

// A page that says a thing twice has said it again once: terms that recur, a list that is summed
// up.
TEST(RepeatedGrams, CountsWhatStandsThereAgain) {
  const auto later = [](std::string_view text) {
    return repeated_grams(scan_text(text).words, kTop, kDuplicated, Copies::later);
  };
  const RepeatedGrams grams = later("a b c d e f x a b c d e f y z");
  EXPECT_DOUBLE_EQ(grams.duplicated[0], 5.0 / 15) << "from left to right, a hit is passed over";
  EXPECT_DOUBLE_EQ(grams.duplicated[1], 6.0 / 15);
  EXPECT_EQ(grams.duplicated[2], 0);
  EXPECT_DOUBLE_EQ(grams.top[0], grams_of("a b c d e f x a b c d e f y z").top[0]);
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "spam ";
  }
  EXPECT_GT(later(text).duplicated[5], 0.8);
  const RepeatedPart lines = repeated_lines(scan_text("aaaa\nbb\naaaa\naaaa"), Copies::later);
  EXPECT_DOUBLE_EQ(lines.count, 2.0 / 4);
  EXPECT_DOUBLE_EQ(lines.characters, 8.0 / 14);
}

TEST(RepeatedGrams, CoversATextThatIsOneWordOverAndOver) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "spam ";
  }
  const RepeatedGrams grams = grams_of(text);
  EXPECT_DOUBLE_EQ(grams.top[2], 1);  // overlapping occurrences, cut at all of the text
  EXPECT_DOUBLE_EQ(grams.duplicated[5], 1);
}

TEST(RepeatedGrams, IgnoresPunctuationAndShortTexts) {
  EXPECT_DOUBLE_EQ(grams_of("a, b c. a b! c").top[0], 4.0 / 6);
  EXPECT_EQ(grams_of("a").top[0], 0);
  EXPECT_EQ(grams_of("").duplicated[0], 0);
}

TEST(RepeatedGrams, MeasuresRunsOfThirteenWhereLengthsReachThem) {
  std::string text;
  for (int i = 0; i < 2; ++i) {
    text += "a b c d e f g h i j k l m n ";
  }
  const RepeatedGrams grams =
      repeated_grams(scan_text(text).words, {3, 5, 7}, {9, 10, 12, 14, 15, 17}, Copies::all);
  EXPECT_DOUBLE_EQ(grams.windows_of_13, 4.0 / 16);
}

}  // namespace
}  // namespace aludel::curate
