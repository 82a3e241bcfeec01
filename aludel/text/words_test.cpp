#include "aludel/text/words.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <unicode/uchar.h>

#include "aludel/base/hash.h"
#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces;
  for (const Word& word : split_words(text, Case::exact)) {
    pieces.emplace_back(text.substr(word.begin, word.end - word.begin));
  }
  return pieces;
}

using Pieces = std::vector<std::string>;

TEST(Words, AreRunsOfLettersAndDigitsWithSymbolsAlone) {
  EXPECT_EQ(pieces_of("Don't  pay $3.50,\tok_1!"),
            (Pieces{"Don", "'", "t", "pay", "$", "3", ".", "50", ",", "ok", "_", "1", "!"}));
  EXPECT_TRUE(pieces_of(" \n\t ").empty());
  EXPECT_TRUE(pieces_of("").empty());
}

TEST(Words, AreSingleCodePointsWhereScriptsHaveNoSpaces) {
  EXPECT_EQ(pieces_of("我爱C语言。"), (Pieces{"我", "爱", "C", "语", "言", "。"}));
  EXPECT_EQ(pieces_of("한글 abc"), (Pieces{"한", "글", "abc"}));
}

TEST(Words, KeepAccentsAndCombiningMarksTogether) {
  EXPECT_EQ(pieces_of("na\u00EFve caf\u0065\u0301 \u0939\u093F\u0928\u094D\u0926\u0940"),
            (Pieces{"na\u00EFve", "caf\u0065\u0301", "\u0939\u093F\u0928\u094D\u0926\u0940"}));
}

TEST(Words, HaveOneHashForBothCasesOnlyWhenFolded) {
  const auto hash = [](std::string_view text, Case letter_case) {
    return split_words(text, letter_case).at(0).hash;
  };
  EXPECT_EQ(hash("Straße", Case::folded), hash("STRAßE", Case::folded));
  EXPECT_EQ(hash("ÉCOLE", Case::folded), hash("école", Case::folded));
  EXPECT_NE(hash("ÉCOLE", Case::exact), hash("école", Case::exact));
  EXPECT_NE(hash("a", Case::folded), hash("b", Case::folded));
}

TEST(Words, TakeBytesThatAreNotUtf8AsSymbols) {
  const std::string text = "ab\xFFgh\xC3";
  const std::vector<Word> words = split_words(text, Case::folded);
  ASSERT_EQ(words.size(), 4U);
  EXPECT_EQ(words[1].kind, WordKind::symbol);
  EXPECT_EQ(words[3].begin, 5U);
  EXPECT_EQ(words[3].end, 6U);
}

TEST(Words, NeverCutACodePoint) {
  const std::string text = "Aé 我們。x\u200Bc\u0301 \U0001F600!";
  for (const Word& word : split_words(text, Case::exact)) {
    EXPECT_EQ(utf8_boundary(text, word.begin), word.begin);
    EXPECT_EQ(utf8_boundary(text, word.end), word.end);
  }
}

TEST(Words, LeaveSymbolsOutOfTheirHashes) {
  EXPECT_EQ(word_hashes("Hello, world!"), word_hashes("hello world"));
  EXPECT_NE(word_hashes("hello world"), word_hashes("world hello"));
}

TEST(WindowHashes, AreEqualExactlyForEqualWindows) {
  std::vector<std::uint64_t> symbols;
  Rng rng(7, 0);
  symbols.reserve(300);
  for (int i = 0; i < 300; ++i) {
    symbols.push_back(rng.below(2));
  }
  const WindowHashes hashes(symbols);
  for (const std::size_t length : {1U, 3U, 8U}) {
    std::map<std::uint64_t, std::vector<std::uint64_t>> seen;
    std::set<std::vector<std::uint64_t>> contents;
    for (std::size_t i = 0; i + length <= symbols.size(); ++i) {
      const auto from = symbols.begin() + static_cast<std::ptrdiff_t>(i);
      const std::vector<std::uint64_t> window(from, from + static_cast<std::ptrdiff_t>(length));
      const auto [place, fresh] = seen.try_emplace(hashes.window(i, length), window);
      EXPECT_EQ(place->second, window);
      contents.insert(window);
    }
    EXPECT_EQ(seen.size(), contents.size());
  }
}

/// The words of a text by their definition alone: every code point asked for in Unicode's tables.
std::vector<Word> reference_words(std::string_view text, Case letter_case) {
  std::vector<Word> words;
  std::string open;  // as it is hashed; empty where no word is open
  const auto close = [&](std::size_t end) {
    if (open.empty()) return;
    words.back().hash = hash64(open);
    words.back().end = end;
    open.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = decode_utf8(text, at);
    const auto icu = static_cast<UChar32>(next.value);
    const bool is_space = u_isUWhiteSpace(icu) != 0 || u_iscntrl(icu) != 0;
    const bool is_letter = (U_GET_GC_MASK(icu) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
    const bool goes_on = is_letter && !is_cjk(next.value);
    if (!goes_on) close(at);
    if (!is_space && open.empty()) {
      const WordKind single = is_letter ? WordKind::cjk : WordKind::symbol;
      words.push_back({0, at, at, goes_on ? WordKind::word : single});
    }
    if (!is_space && letter_case == Case::exact) open.append(text, at, next.size_bytes);
    if (!is_space && letter_case == Case::folded) {
      append_utf8(open, static_cast<char32_t>(u_foldCase(icu, U_FOLD_CASE_DEFAULT)));
    }
    at += next.size_bytes;
    if (!goes_on) close(at);
  }
  close(text.size());
  return words;
}

TEST(Words, AreTheSameTakenInStepsAsByTheirDefinition) {
  const std::vector<std::string> pieces = {"a",
                                           "Word",
                                           "ASCII",
                                           "x1",
                                           " ",
                                           "\n",
                                           "\x7F",
                                           "$",
                                           "'",
                                           "-",
                                           "\xC3",
                                           "É",
                                           "ß",
                                           "ẞ",
                                           "\u0301",
                                           "Привет",
                                           "İ",
                                           "ſ",
                                           "Ωmega",
                                           "\u212A",
                                           "\u10A0",
                                           "\xFF",
                                           "我",
                                           "한",
                                           "カ",
                                           "。",
                                           "Ａ",
                                           "\u3000",
                                           "\u00A0",
                                           "“",
                                           "…",
                                           "\u200B",
                                           "\uFFFD",
                                           "😀",
                                           "𠀀",
                                           "\u0085",
                                           "हिन्दी",
                                           "ไทย",
                                           "\u2028",
                                           "٣",
                                           std::string(40, 'L')};
  Rng rng(11, 0);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::uint64_t i = rng.below(12); i > 0; --i) {
      text += pieces[rng.below(pieces.size())];
    }
    for (const Case letter_case : {Case::folded, Case::exact}) {
      const std::vector<Word> words = split_words(text, letter_case);
      const std::vector<Word> expected = reference_words(text, letter_case);
      ASSERT_EQ(words.size(), expected.size()) << text;
      for (std::size_t i = 0; i < words.size(); ++i) {
        ASSERT_EQ(words[i].hash, expected[i].hash) << text;
        ASSERT_EQ(words[i].begin, expected[i].begin) << text;
        ASSERT_EQ(words[i].end, expected[i].end) << text;
        ASSERT_EQ(words[i].kind, expected[i].kind) << text;
      }
      const WordKindCounts counts = count_words(text);
      ASSERT_EQ(counts.words, std::ranges::count(expected, WordKind::word, &Word::kind)) << text;
      ASSERT_EQ(counts.cjk, std::ranges::count(expected, WordKind::cjk, &Word::kind)) << text;
    }
  }
}

// What lets the scanner take these code points without asking Unicode's tables.
TEST(Words, TreatsEveryUnifiedIdeographAsALetterWithoutCase) {
  for (char32_t c = 0x4E00; c <= 0x9FFF; ++c) {
    const auto icu = static_cast<UChar32>(c);
    ASSERT_EQ(u_charType(icu), U_OTHER_LETTER) << icu;
    ASSERT_EQ(u_foldCase(icu, U_FOLD_CASE_DEFAULT), icu);
    ASSERT_TRUE(is_cjk(c));
  }
}

}  // namespace
}  // namespace aludel::text
