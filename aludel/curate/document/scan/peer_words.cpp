#include "aludel/curate/document/scan/peer_words.h"

#include <array>

#include <unicode/uchar.h>

#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/chunks.h"

namespace aludel::curate {
namespace {

constexpr std::array<UWordBreakValues, 128> ascii_break_classes() {
  std::array<UWordBreakValues, 128> classes{};
  classes.fill(U_WB_OTHER);
  for (std::size_t letter = 'a'; letter <= 'z'; ++letter) {
    classes[letter] = U_WB_ALETTER;
    classes[letter - ('a' - 'A')] = U_WB_ALETTER;
  }
  for (std::size_t digit = '0'; digit <= '9'; ++digit) {
    classes[digit] = U_WB_NUMERIC;
  }
  classes['_'] = U_WB_EXTENDNUMLET;
  classes[':'] = U_WB_MIDLETTER;
  classes['.'] = U_WB_MIDNUMLET;
  classes['\''] = U_WB_SINGLE_QUOTE;
  classes[','] = U_WB_MIDNUM;
  classes[';'] = U_WB_MIDNUM;
  return classes;
}

constexpr std::array<UWordBreakValues, 128> kAsciiBreakClasses = ascii_break_classes();

UWordBreakValues break_class(char32_t c) {
  if (c < 128) return kAsciiBreakClasses[c];
  return static_cast<UWordBreakValues>(
      u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_WORD_BREAK));
}

bool is_letter(UWordBreakValues c) {
  return c == U_WB_ALETTER || c == U_WB_HEBREW_LETTER;
}

bool is_transparent(UWordBreakValues c) {
  return c == U_WB_EXTEND || c == U_WB_FORMAT || c == U_WB_ZWJ;
}

/// True if rules WB5 to WB13 join the characters around a boundary. `before` is the class of the
/// last character that is not transparent, `after` that of the next one, `later` that of the one
/// behind.
bool joins(UWordBreakValues before, UWordBreakValues after, UWordBreakValues later) {
  const bool word_before = is_letter(before) || before == U_WB_NUMERIC;
  if (word_before && (is_letter(after) || after == U_WB_NUMERIC)) return true;
  const bool quotes = after == U_WB_MIDNUMLET || after == U_WB_SINGLE_QUOTE;
  if (is_letter(before) && (quotes || after == U_WB_MIDLETTER) && is_letter(later)) return true;
  if (before == U_WB_HEBREW_LETTER && after == U_WB_SINGLE_QUOTE) return true;
  if (before == U_WB_NUMERIC && (quotes || after == U_WB_MIDNUM) && later == U_WB_NUMERIC) {
    return true;
  }
  if (before == U_WB_KATAKANA && after == U_WB_KATAKANA) return true;
  const bool takes_underscore =
      word_before || before == U_WB_KATAKANA || before == U_WB_EXTENDNUMLET;
  if (takes_underscore && after == U_WB_EXTENDNUMLET) return true;
  return before == U_WB_EXTENDNUMLET &&
         (is_letter(after) || after == U_WB_NUMERIC || after == U_WB_KATAKANA);
}

/// A walk over a text by the characters that are not transparent.
class BoundaryWalker {
 public:
  explicit BoundaryWalker(std::string_view text) : text_(text) {}

  /// Returns the class of the character at `at`. Sets `end` behind it and the transparent
  /// characters that follow.
  UWordBreakValues read(std::size_t at, std::size_t& end) const {
    if (at >= text_.size()) {
      end = at;
      return U_WB_OTHER;
    }
    const CodePoint point = decode_utf8(text_, at);
    end = at + point.size_bytes;
    while (end < text_.size() && static_cast<unsigned char>(text_[end]) >= 128) {
      const CodePoint next = decode_utf8(text_, end);
      if (!is_transparent(break_class(next.value))) break;
      end += next.size_bytes;
    }
    return break_class(point.value);
  }

 private:
  std::string_view text_;
};

}  // namespace

ScannedWords white_space_words(std::string_view text) {
  ScannedWords words(text.size());
  for_each_chunk(text, [&](std::size_t begin, std::size_t end) {
    words.add(text, begin, end - begin, count_characters(text.substr(begin, end - begin)));
  });
  return words;
}

ScannedWords uax29_words(std::string_view text) {
  ScannedWords words(text.size());
  const BoundaryWalker walker(text);
  const CharacterTable& table = character_table();
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = 0;
    UWordBreakValues before = walker.read(begin, end);
    for (bool quoted = false; end < text.size();) {
      std::size_t after_end = 0;
      std::size_t later_end = 0;
      const UWordBreakValues after = walker.read(end, after_end);
      const UWordBreakValues later = walker.read(after_end, later_end);
      if (!quoted && !joins(before, after, later)) break;
      const bool is_word = is_letter(after) || after == U_WB_NUMERIC || after == U_WB_KATAKANA ||
                           after == U_WB_EXTENDNUMLET;
      quoted = !is_word && later_end > after_end && (is_letter(later) || later == U_WB_NUMERIC);
      if (is_word) before = after;
      end = after_end;
      if (!is_word && !quoted) break;
    }
    if (table[decode_utf8(text, begin).value].has(kPythonAlnum)) {
      const std::string_view word = text.substr(begin, end - begin);
      words.add(text, begin, word.size(), count_characters(word));
    }
    begin = end;
  }
  return words;
}

}  // namespace aludel::curate
