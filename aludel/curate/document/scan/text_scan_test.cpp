#include "aludel/curate/document/scan/text_scan.h"

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

TEST(TextScan, GivesWordsOfOneSpellingOneId) {
  const std::string_view text = "one two one Two caf\xC3\xA9 1one";
  const TextScan scan = scan_text(text);
  ASSERT_EQ(scan.words.size(), 6U);
  EXPECT_EQ(scan.words[0].id, scan.words[2].id);
  EXPECT_NE(scan.words[1].id, scan.words[3].id);
  EXPECT_EQ(scan.words.counts()[scan.words[0].id], 2U);
  EXPECT_EQ(scan.words.characters(4, 5), 4U);
  EXPECT_EQ(text.substr(scan.words[4].begin, scan.words[4].size), "caf\xC3\xA9");
  EXPECT_EQ(scan.words.all_characters(), 20U);
}

TEST(TextScan, KnowsLinesAndParagraphs) {
  const TextScan scan = scan_text("a b\n c \n\na b\n \nd");
  ASSERT_EQ(scan.lines.size(), 4U);
  EXPECT_EQ(scan.distinct_lines, 3U);
  EXPECT_EQ(scan.lines[0].id, scan.lines[2].id);
  EXPECT_EQ(scan.lines[2].first_word, 3U);
  EXPECT_TRUE(scan.lines[0].starts_paragraph);
  EXPECT_FALSE(scan.lines[1].starts_paragraph);
  EXPECT_TRUE(scan.lines[2].starts_paragraph);
  EXPECT_FALSE(scan.lines[3].starts_paragraph) << "a line of blanks parts no paragraphs";
}

TEST(TextScan, KnowsScriptsWithoutSpaces) {
  EXPECT_TRUE(scan_text("\xE4\xBD\xA0\xE5\xA5\xBD ok").mostly_cjk());
  EXPECT_FALSE(scan_text("ok then \xE4\xBD\xA0").mostly_cjk());
}

TEST(ScanSlot, ScansAgainOnlyWhenTextOrRuleChanged) {
  ScanSlot slot;
  const TextScan* first = &slot.of("one two", WordRule::runs);
  EXPECT_EQ(&slot.of(std::string("one two"), WordRule::runs), first);
  EXPECT_EQ(slot.of("one two three", WordRule::runs).words.size(), 3U);
  EXPECT_EQ(slot.of("it's", WordRule::runs).words.size(), 2U);
  EXPECT_EQ(slot.of("it's", WordRule::white_space).words.size(), 1U);
  ScanSlot copy(slot);
  EXPECT_EQ(copy.of("a", WordRule::runs).words.size(), 1U);
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
