#include "aludel/text/fold.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

std::string folded(std::string_view text, FoldFor purpose) {
  return std::string(fold(text, purpose).text());
}

/// What stands in the original where `value` stands in the folded text.
std::string original_of(const std::string& text, std::string_view value, FoldFor purpose) {
  const FoldedText result = fold(text, purpose);
  const std::size_t at = result.text().find(value);
  if (at == std::string_view::npos) return "not found in " + std::string(result.text());
  const std::size_t begin = result.original_begin(at);
  return text.substr(begin, result.original_end(at + value.size()) - begin);
}

TEST(Fold, WritesDigitsOfEveryScriptAsAscii) {
  EXPECT_EQ(folded("１３８ ٠١٢ ۴۵ ९८ 𝟕", FoldFor::values), "138 012 45 98 7");
}

TEST(Fold, WritesBlanksAndDashesInOneWay) {
  EXPECT_EQ(folded("4485\u00A02730\u20091284\u202F1432\u3000x", FoldFor::values),
            "4485 2730 1284 1432 x");
  EXPECT_EQ(folded("0–1—2‐3‑4−5－6", FoldFor::values), "0-1-2-3-4-5-6");
}

TEST(Fold, LeavesOutWhatNobodySees) {
  EXPECT_EQ(folded("a\u200Bb\u00ADc\u2060d\uFEFFe\uFE0Ff\u200D", FoldFor::values), "abcdef");
}

TEST(Fold, ReadsCharacterReferencesWithTheirSemicolonOnly) {
  EXPECT_EQ(folded("jane&#64;web.de 1&nbsp;2 &#65297; &shy;", FoldFor::values),
            "jane@web.de 1 2 1 ");
  EXPECT_EQ(folded("?a=1&copy=2&nothing;", FoldFor::values), "?a=1&copy=2&nothing;");
}

TEST(Fold, LeavesPunctuationAndOtherLettersOfAValueAlone) {
  for (const char* text : {"电话：１", "你好，世界！（微信）", "nº 5, x², Ⅷ", "größe é"}) {
    const std::string result = folded(text, FoldFor::values);
    EXPECT_EQ(result.substr(0, 3), std::string(text).substr(0, 3)) << text;
  }
  EXPECT_EQ(folded("nº 5, x², Ⅷ, größe", FoldFor::values), "nº 5, x², Ⅷ, größe");
}

TEST(Fold, WritesPhrasesInSimplifiedCharacters) {
  EXPECT_EQ(folded("圖書館裡的電腦，ＡＢＣ！", FoldFor::phrases), "图书馆里的电脑,ABC!");
  EXPECT_EQ(folded("圖書館", FoldFor::values), "圖書館");
}

// The table against its source, for the characters of a text that many know.
TEST(Fold, SimplifiesAsTheTransliteratorOfIcuDoes) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> simplify(icu::Transliterator::createInstance(
      icu::UnicodeString("Traditional-Simplified"), UTRANS_FORWARD, error));
  ASSERT_TRUE(U_SUCCESS(error));
  for (char32_t c = 0x4E00; c < 0x9FFF; c += 7) {
    std::string character;
    append_utf8(character, c);
    auto wide = icu::UnicodeString(static_cast<UChar32>(c));
    simplify->transliterate(wide);
    std::string expected;
    wide.toUTF8String(expected);
    if (wide.countChar32() > 1) continue;
    EXPECT_EQ(folded(character, FoldFor::phrases), expected);
  }
}

TEST(Fold, LeavesTagsOutOfWords) {
  EXPECT_EQ(folded("<p>one <b>t</b>wo<br>three</p><div class=\"x\">four</div>", FoldFor::words),
            " one two three  four ");
  for (const char* text :
       {"a < b and c > d", "std::vector<int> v", "x<y", "<", "</", "<b", "<b<i>"}) {
    EXPECT_EQ(folded(text, FoldFor::words).substr(0, 2), std::string(text).substr(0, 2)) << text;
  }
  EXPECT_EQ(folded("<p>one", FoldFor::phrases), "<p>one");
}

TEST(Fold, DoesNotCopyWhatNeedsNoFold) {
  const std::string text = "plain & simple <b> text, 中文，日本語, é";
  EXPECT_TRUE(fold(text, FoldFor::values).is_same());
  EXPECT_EQ(fold(text, FoldFor::values).text().data(), text.data());
}

TEST(Fold, MapsPlacesBackToWholeCharacters) {
  const std::string text = "号：\u200B１３\u200B８\u00AD\u200B后 ℡";
  EXPECT_EQ(original_of(text, "138", FoldFor::values), "１３\u200B８");
  EXPECT_EQ(original_of(text, "后", FoldFor::values), "后");
  EXPECT_EQ(original_of(text, "TEL", FoldFor::values), "℡");
  EXPECT_EQ(original_of(text, "E", FoldFor::values), "℡");
  EXPECT_EQ(original_of("x&#64;y", "@", FoldFor::values), "&#64;");
  EXPECT_EQ(original_of("讀者來信", "来", FoldFor::phrases), "來");
}

TEST(Fold, KeepsBytesThatAreNotUtf8) {
  EXPECT_EQ(folded("a\xFF\xC3", FoldFor::values), "a\xFF\xC3");
  EXPECT_EQ(folded("\xFF１", FoldFor::values),
            "\xFF"
            "1");
}

// Any two places of the folded text in order lie in order in the original, between characters.
TEST(Fold, HasPlacesInOrderForAnyMixture) {
  const std::vector<std::string> pieces = {"a",  "１", "\u200B", "℡",    "&nbsp;", "<b>", "國",
                                           "\n", "é",  "−",      "\xFF", "😀",      "&",   "𝟕"};
  Rng rng(5, 0);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (std::uint64_t i = rng.below(12); i > 0; --i) {
      text += pieces[rng.below(pieces.size())];
    }
    for (const FoldFor purpose : {FoldFor::values, FoldFor::phrases, FoldFor::words}) {
      const FoldedText result = fold(text, purpose);
      std::size_t last = 0;
      for (std::size_t at = 0; at < result.text().size(); ++at) {
        const std::size_t begin = result.original_begin(at);
        const std::size_t end = result.original_end(at + 1);
        ASSERT_LT(begin, end) << text;
        ASSERT_LE(last, begin) << text;
        ASSERT_LE(end, text.size()) << text;
        last = begin;
      }
    }
  }
}

}  // namespace
}  // namespace aludel::text
