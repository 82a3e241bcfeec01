#include "aludel/curate/layers/metrics/text_metrics.h"

#include <string>

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

TEST(TextMetrics, CountsWordsFromFirstToLastLetter) {
  const TextMetrics m = measure_text("(Hello), the well-known  world -- 42 %");
  EXPECT_EQ(m.words, 5);  // Hello the well-known world 42
  EXPECT_EQ(m.word_characters, 5 + 3 + 10 + 5 + 2);
  EXPECT_EQ(m.alphabetic_words, 4);  // without 42
  EXPECT_EQ(m.tokens, 7);            // and -- and %
  EXPECT_EQ(m.stop_words, 1);        // the
  EXPECT_EQ(m.digits, 2);
  EXPECT_EQ(m.characters, 38);
  EXPECT_EQ(m.white_space, 7);
}

TEST(TextMetrics, CountsDistinctStopWordsInAnyCase) {
  EXPECT_EQ(measure_text("The THE the. And with; Have bean").stop_words, 4);
}

TEST(TextMetrics, CountsLineShapes) {
  const TextMetrics m = measure_text(
      "- one item\n"
      "* another\n"
      "\xE2\x80\xA2 third\n"
      "\n"
      "   \n"
      "A line that is longer than thirty characters is not short.\n"
      "to be continued...  \n"
      "He said \"no.\")\n");
  EXPECT_EQ(m.lines, 6);
  EXPECT_EQ(m.newlines, 8);
  EXPECT_EQ(m.bullet_lines, 3);
  EXPECT_EQ(m.ellipsis_lines, 1);
  EXPECT_EQ(m.ellipses, 1);
  EXPECT_EQ(m.terminal_lines, 3);
  EXPECT_EQ(m.short_lines, 5);
  EXPECT_EQ(m.sentences, 3);
}

TEST(TextMetrics, CountsRepeatedLinesAfterTheFirst) {
  const TextMetrics m = measure_text("abc\nabc\n  abc \nxyz");
  EXPECT_EQ(m.duplicate_line_characters, 6);
  EXPECT_EQ(m.line_characters, 12);
}

TEST(TextMetrics, FindsNoSentenceInNumbersAndAddresses) {
  EXPECT_EQ(measure_text("3.14 example.org").sentences, 0);
  EXPECT_EQ(measure_text("One. Two! \"Three?\" four").sentences, 3);
}

TEST(TextMetrics, TakesEachCjkLetterAlone) {
  // 今天天气很好。我们学习 Linux 系统。
  const TextMetrics m = measure_text(
      "\xE4\xBB\x8A\xE5\xA4\xA9\xE5\xA4\xA9\xE6\xB0\x94\xE5\xBE\x88\xE5\xA5\xBD\xE3\x80\x82"
      "\xE6\x88\x91\xE4\xBB\xAC\xE5\xAD\xA6\xE4\xB9\xA0 Linux "
      "\xE7\xB3\xBB\xE7\xBB\x9F\xE3\x80\x82");
  EXPECT_EQ(m.cjk_characters, 12);
  EXPECT_EQ(m.han_characters, 12);
  EXPECT_EQ(m.words, 1);
  EXPECT_EQ(m.sentences, 2);
  EXPECT_EQ(m.terminal_lines, 1);
  EXPECT_EQ(m.characters, 21);
  EXPECT_EQ(m.short_lines, 0);  // 21 characters, of mostly CJK
}

TEST(TextMetrics, SurvivesEmptyTextAndBrokenBytes) {
  EXPECT_EQ(measure_text("").lines, 0);
  const TextMetrics m = measure_text("\xFF\xFE{ lorem ipsum Lorem ipsum");
  EXPECT_EQ(m.words, 4);
  EXPECT_TRUE(m.curly_bracket);
  EXPECT_TRUE(m.lorem_ipsum);
}

}  // namespace
}  // namespace aludel::curate
