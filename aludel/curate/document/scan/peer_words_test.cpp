#include "aludel/curate/document/scan/peer_words.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/document/scan/spacy_exceptions.h"

namespace aludel::curate {
namespace {

using CutWords = std::vector<std::string>;

CutWords cut(ScannedWords (*rule)(std::string_view), const std::string& text) {
  CutWords words;
  const ScannedWords scanned = rule(text);
  for (const ScannedWord& word : scanned.words()) {
    words.push_back(text.substr(word.begin, word.size));
  }
  return words;
}

TEST(WhiteSpaceWords, PartAtPythonsWhiteSpace) {
  EXPECT_EQ(cut(white_space_words,
                " a,b\tc\xC2\xA0"
                "d\x1F"
                "e \n"),
            (CutWords{"a,b", "c", "d", "e"}));
  EXPECT_TRUE(cut(white_space_words, "").empty());
}

// What spaCy 3.8's blank English tokenizer gives for these.
TEST(SpacyWords, CutAffixesExceptionsAndInfixes) {
  EXPECT_EQ(cut(spacy_words, "Don't stop, he said."),
            (CutWords{"Do", "n't", "stop", ",", "he", "said", "."}));
  EXPECT_EQ(cut(spacy_words, "I cannot; you'll see"),
            (CutWords{"I", "can", "not", ";", "you", "'ll", "see"}));
  EXPECT_EQ(cut(spacy_words, "Mr. Smith's U.S. trip cost $1,200.50!"),
            (CutWords{"Mr.", "Smith", "'s", "U.S.", "trip", "cost", "$", "1,200.50", "!"}));
  EXPECT_EQ(cut(spacy_words, "well-known and/or x=y"),
            (CutWords{"well", "-", "known", "and/or", "x", "=", "y"}));
  EXPECT_EQ(cut(spacy_words, "5km at 10am... (done)"),
            (CutWords{"5", "km", "at", "10", "am", "...", "(", "done", ")"}));
  EXPECT_EQ(cut(spacy_words, "see http://example.com/a-b, or me@example.com."),
            (CutWords{"see", "http://example.com/a-b", ",", "or", "me@example.com", "."}));
  EXPECT_EQ(cut(spacy_words, "end.Start \xE2\x80\x9Cquote\xE2\x80\x9D it\xE2\x80\x99s :)"),
            (CutWords{"end", ".", "Start", "\xE2\x80\x9C", "quote", "\xE2\x80\x9D", "it",
                      "\xE2\x80\x99s", ":)"}));
}

// Words that only together are an exception: spaCy looks for these in what its rules have cut.
TEST(SpacyWords, JoinExceptionsThatTheRulesCut) {
  EXPECT_EQ(cut(spacy_words, "= a :| >="), (CutWords{"=", "a", ":|", ">", "="}));
  EXPECT_EQ(cut(spacy_words, "False): (main):"), (CutWords{"False", "):", "(", "main", "):"}));
  EXPECT_EQ(cut(spacy_words, "**Default:** z.B. IS''"),
            (CutWords{"*", "*", "Default", ":*", "*", "z.", "B.", "IS", "''"}));
  EXPECT_EQ(cut(spacy_words, "src=\"http://a.com/b\" 8.8.8.8:53/x"),
            (CutWords{"src=\"http://a.com", "/", "b", "\"", "8.8.8.8:53/x"}));
  EXPECT_EQ(cut(spacy_words, "20\xC2\xB0\x43."), (CutWords{"20", "\xC2\xB0", "C", "."}));
}

TEST(SpacyWords, NoExceptionHasAnEmptyPiece) {
  std::size_t exceptions = 0;
  spacy_exceptions().for_each([&](const std::string& spelling) {
    ++exceptions;
    std::size_t size = 0;
    const ExceptionPieces* pieces = spacy_exceptions().find(spelling);
    ASSERT_NE(pieces, nullptr) << spelling;
    for (const std::uint8_t piece : *pieces) {
      EXPECT_GT(piece, 0) << spelling;
      size += piece;
    }
    EXPECT_EQ(size, spelling.size()) << spelling;
  });
  EXPECT_GT(exceptions, 1300U);
}

TEST(Uax29Words, KeepApostrophesAndDecimals) {
  EXPECT_EQ(
      cut(uax29_words, "can't 3.14 1,000 a_b example.com well-known so...yeah..."),
      (CutWords{"can't", "3.14", "1,000", "a_b", "example.com", "well", "known", "so", "yeah"}));
  EXPECT_EQ(cut(uax29_words, "caf\xC3\xA9s' \xE4\xBD\xA0\xE5\xA5\xBD"),
            (CutWords{"caf\xC3\xA9s", "\xE4\xBD\xA0", "\xE5\xA5\xBD"}));
  EXPECT_TRUE(cut(uax29_words, "... -- !").empty());
}

TEST(PythonLines, EndAtEveryLineEnd) {
  const auto lines = python_splitlines(
      "a\r\nb\rc\n\nd\xE2\x80\xA8"
      "e\n");
  EXPECT_EQ(std::vector<std::string_view>(lines),
            (std::vector<std::string_view>{"a", "b", "c", "", "d", "e"}));
  EXPECT_EQ(split_at_newlines("a\n").size(), 2U);
  EXPECT_EQ(python_split("a\n\n\nb", "\n\n"), (std::vector<std::string_view>{"a", "\nb"}));
  const std::vector<std::string_view> copied = {"one", "two", "one", "été", "one", "été"};
  EXPECT_EQ(count_later_copies(copied).lines, 3U);
  EXPECT_EQ(count_later_copies(copied).characters, 9U);
  EXPECT_EQ(count_all_copies(copied).lines, 5U);
  EXPECT_EQ(count_all_copies(copied).characters, 15U);
  EXPECT_EQ(characters_of(copied), 18U);
  EXPECT_EQ(python_strip(" \xC2\xA0x y\x1F\n"), "x y");
  EXPECT_EQ(python_strip(" \n"), "");
}

}  // namespace
}  // namespace aludel::curate
