#include "aludel/text/ngram_lm/text_units.h"

#include <algorithm>

#include <unicode/uchar.h>

#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"
#include "aludel/text/words.h"

namespace aludel::text {
namespace {

constexpr std::size_t kBytesPerUnit = 5;  // about as many; only memory depends on it
constexpr std::string_view kTokenSpaces = " \t\r\n\f\v";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::string unit_spelling(std::string_view bytes) {
  std::string spelling;
  for (std::size_t at = 0; at < bytes.size();) {
    const CodePoint next = decode_utf8(bytes, at);
    if (next.value >= '0' && next.value <= '9') {
      spelling += '0';
    } else {
      const UChar32 folded = u_foldCase(static_cast<UChar32>(next.value), U_FOLD_CASE_DEFAULT);
      append_utf8(spelling, static_cast<char32_t>(folded));
    }
    at += next.size_bytes;
  }
  return spelling;
}

std::vector<TextUnit> text_units(std::string_view text) {
  std::vector<Word> words;
  words.reserve(text.size() / kBytesPerUnit + 1);
  append_words(text, Case::folded, words);
  std::vector<TextUnit> units;
  units.reserve(words.size());
  for (const Word& word : words) {
    const std::string_view bytes = text.substr(word.begin, word.end - word.begin);
    const bool has_digits = word.kind == WordKind::word && std::ranges::any_of(bytes, is_digit);
    units.push_back({has_digits ? hash64(unit_spelling(bytes)) : word.hash, word.begin, word.end});
  }
  return units;
}

bool line_ends_between(std::string_view text, const TextUnit& before, const TextUnit& after) {
  return text.substr(before.end, after.begin - before.end).find('\n') != std::string_view::npos;
}

std::vector<std::uint64_t> lines_of_units(std::string_view text, const std::vector<TextUnit>& units,
                                          const LineMarks& marks) {
  std::vector<std::uint64_t> lines;
  lines.reserve(units.size() + units.size() / 4 + 2);
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (i == 0 || line_ends_between(text, units[i - 1], units[i])) {
      if (i > 0 && marks.end != 0) lines.push_back(marks.end);
      lines.push_back(marks.begin);
    }
    lines.push_back(units[i].hash);
  }
  if (!units.empty() && marks.end != 0) lines.push_back(marks.end);
  return lines;
}

std::vector<TextUnit> text_tokens(std::string_view text) {
  std::vector<TextUnit> tokens;
  for (std::size_t at = text.find_first_not_of(kTokenSpaces); at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(kTokenSpaces, at), text.size());
    tokens.push_back({hash64(text.substr(at, end - at)), at, end});
    at = text.find_first_not_of(kTokenSpaces, end);
  }
  return tokens;
}

}  // namespace aludel::text
