#include "aludel/curate/layers/shared/line_rules/refinedweb.h"

#include <algorithm>
#include <array>
#include <vector>

#include <unicode/uchar.h>

#include "aludel/base/ascii.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/characters.h"
#include "aludel/curate/document/scan/chunks.h"
#include "aludel/curate/document/scan/python_lines.h"

namespace aludel::curate {
namespace {

constexpr double kMostCapitals = 0.5;           // uppercase_ratio_line_modifier
constexpr double kMostNumericShare = 0.999999;  // numeric_ratio_line_modifier
constexpr std::size_t kFewestLineWords = 2;     // line_length_modifier
constexpr std::size_t kShortLineWords = 10;     // substring_line_modifier

bool is_python_digit(char32_t c) {
  const auto type = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_NUMERIC_TYPE);
  return type == U_NT_DECIMAL || type == U_NT_DIGIT;
}

bool is_decimal(char32_t c) {
  return u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER;
}

bool is_blank_character(char32_t c) {
  return character_table()[c].has(kPythonSpace);
}

template <class Is>
double share_of_characters(std::string_view line, Is is) {
  std::size_t count = 0;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < line.size(); ++characters) {
    const CodePoint point = decode_utf8(line, at);
    if (is(point.value)) ++count;
    at += point.size_bytes;
  }
  return characters == 0 ? 0 : static_cast<double>(count) / static_cast<double>(characters);
}

/// Returns the size of the longest prefix whose characters all pass.
template <class Is>
std::size_t leading(std::string_view text, Is is) {
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint point = decode_utf8(text, at);
    if (!is(point.value)) break;
    at += point.size_bytes;
  }
  return at;
}

std::size_t count_chunks(std::string_view line) {
  std::size_t count = 0;
  for_each_chunk(line, [&](std::size_t, std::size_t) { ++count; });
  return count;
}

bool is_mostly_capitals(std::string_view line) {
  return share_of_characters(line, [](char32_t c) {
           return u_isUUppercase(static_cast<UChar32>(c)) != 0;
         }) > kMostCapitals;
}

bool is_all_digits(std::string_view line) {
  return share_of_characters(line, is_python_digit) > kMostNumericShare;
}

/// True for "12 likes", "1.2K views": symbols, a number, an optional unit, white space, a word of
/// the list, symbols.
bool is_counter_line_of_web(std::string_view line) {
  static constexpr auto kCounted = std::to_array<std::string_view>(
      {"likes", "shares", "comments", "retweets", "reposts", "quotes", "bookmarks", "upvotes",
       "downvotes", "downloads", "views", "followers"});
  const std::string lower = lower_ascii(line);
  std::string_view left = lower;
  left.remove_prefix(leading(left, [](char32_t c) { return !is_python_word(c); }));
  if (left.empty() || !is_decimal(decode_utf8(left, 0).value)) return false;
  left.remove_prefix(
      leading(left, [](char32_t c) { return c == ',' || c == '.' || is_decimal(c); }));
  if (!left.empty() && std::string_view("kmb").find(left[0]) != std::string_view::npos) {
    left.remove_prefix(1);
  }
  const std::size_t blank = leading(left, is_blank_character);
  left.remove_prefix(blank);
  return blank > 0 && std::ranges::any_of(kCounted, [&](std::string_view counted) {
           if (!left.starts_with(counted)) return false;
           const std::string_view rest = left.substr(counted.size());
           return leading(rest, [](char32_t c) { return !is_python_word(c); }) == rest.size();
         });
}

bool is_too_short(std::string_view line) {
  return !line.empty() && count_chunks(line) < kFewestLineWords;
}

/// Returns the text without the lines for which `drops` is true.
template <class Drops>
std::string without_lines(std::string_view text, Drops drops) {
  std::string kept;
  bool is_first = true;
  for (const std::string_view line : split_at_newlines(text)) {
    if (drops(line)) continue;
    if (!is_first) kept += '\n';
    is_first = false;
    kept += line;
  }
  return kept;
}

std::string python_stripped(const std::string& text) {
  return std::string(python_strip(text));
}

/// Returns the size of the white space character that ends at `end`; 0 if there is none.
std::size_t blank_before(std::string_view line, std::size_t end) {
  if (end == 0) return 0;
  const std::size_t at = utf8_boundary(line, end - 1);
  return is_blank_character(decode_utf8(line, at).value) ? end - at : 0;
}

std::string without_cart(std::string_view line) {
  constexpr std::string_view kCart = "items in cart";
  const std::string lower = lower_ascii(line);
  std::string kept;
  std::size_t from = 0;
  for (std::size_t at = lower.find(kCart); at != std::string::npos; at = lower.find(kCart, from)) {
    kept += line.substr(from, at - blank_before(line.substr(from), at - from) - from);
    from = at + kCart.size();
  }
  return kept += line.substr(from);
}

std::string without_read_more(std::string_view line) {
  constexpr std::string_view kMore = "read more";
  std::size_t end = line.size();
  for (int stop = 0; stop < 3; ++stop) {
    if (end == 0) return std::string(line);
    end = utf8_boundary(line, end - 1);
  }
  if (!lower_ascii(line.substr(0, end)).ends_with(kMore)) return std::string(line);
  const std::size_t begin = end - kMore.size();
  return std::string(line.substr(0, begin - blank_before(line, begin)));
}

std::string without_sign_in(std::string_view line) {
  constexpr std::string_view kSignIn = "sign-in";
  if (!lower_ascii(line.substr(0, kSignIn.size())).starts_with(kSignIn)) return std::string(line);
  const std::string_view rest = line.substr(kSignIn.size());
  if (rest.empty()) return {};
  const CodePoint next = decode_utf8(rest, 0);
  return std::string(rest.substr(is_blank_character(next.value) ? next.size_bytes : 0));
}

/// Removes the phrase from short lines, and drops a line that has nothing else: DCLM's
/// substring_line_modifier.
std::string without_phrase(std::string_view text, std::string (*edit)(std::string_view line)) {
  std::string kept;
  bool is_first = true;
  for (const std::string_view line : split_at_newlines(text)) {
    std::string edited(line);
    if (count_chunks(line) <= kShortLineWords) {
      edited = edit(line);
      if (!line.empty() && python_strip(edited).empty()) continue;
    }
    if (!is_first) kept += '\n';
    is_first = false;
    kept += edited;
  }
  return python_stripped(kept);
}

bool starts_alphanumeric(std::string_view word) {
  return character_table()[decode_utf8(word, 0).value].has(kPythonAlnum);
}

}  // namespace

bool refinedweb_drops(std::string_view line) {
  return count_chunks(line) < kFewestLineWords || is_mostly_capitals(line) || is_all_digits(line) ||
         is_counter_line_of_web(line);
}

std::string edit_as_refinedweb(std::string_view text) {
  std::string edited = python_stripped(without_lines(text, is_mostly_capitals));
  edited = python_stripped(without_lines(edited, is_all_digits));
  edited = python_stripped(without_lines(edited, is_counter_line_of_web));
  edited = without_lines(edited, is_too_short);
  edited = without_phrase(edited, without_cart);
  edited = without_phrase(edited, without_read_more);
  return without_phrase(edited, without_sign_in);
}

std::int64_t count_fasttext_words(std::string_view text) {
  std::int64_t count = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end =
        std::min(text.find_first_of(std::string_view(" \n\r\t\v\f\0", 7), begin), text.size());
    if (end > begin && starts_alphanumeric(text.substr(begin))) ++count;
    begin = end + 1;
  }
  return count;
}

}  // namespace aludel::curate
