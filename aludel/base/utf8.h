#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aludel {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

/// A code point and the number of bytes it took.
struct CodePoint {
  char32_t value;
  std::size_t size_bytes;
};

bool is_valid_utf8(std::string_view text);

/// As decode_utf8(), where the byte at `position` is not ASCII.
CodePoint decode_multibyte_utf8(std::string_view text, std::size_t position);

/// The code point at `position`; U+FFFD of one byte where the bytes are not UTF-8.
/// REQUIRES: position < text.size(). Source: Unicode 15, table 3-7.
inline CodePoint decode_utf8(std::string_view text, std::size_t position) {
  const auto lead = static_cast<std::uint8_t>(text[position]);
  if (lead < 0x80) return {lead, 1};
  return decode_multibyte_utf8(text, position);
}

/// Appends `code_point` as UTF-8; a surrogate or a value above U+10FFFF becomes U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

/// The text with every byte that is not part of UTF-8 replaced by U+FFFD.
std::string replace_invalid_utf8(std::string_view text);

/// Number of code points; each invalid byte counts as one.
std::size_t count_code_points(std::string_view text);

/// Largest position <= `position` that does not cut a code point of valid UTF-8.
std::size_t utf8_boundary(std::string_view text, std::size_t position);

/// Han, Hiragana, Katakana, Hangul, and their full-width punctuation: scripts without spaces.
bool is_cjk(char32_t code_point);

/// Han ideographs only.
bool is_han(char32_t code_point);

}  // namespace aludel
