#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace aludel {

/// A letter of ASCII in lower case; any other byte as it is.
constexpr char lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// The text with all of them so.
inline std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = lower_ascii(c);
  }
  return lower;
}

/// Returns how many bytes the text has before the first above 127. OPTIMIZATION: takes eight bytes
/// at once.
inline std::size_t ascii_size(std::string_view text) {
  static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, sizeof(bytes));
    const std::uint64_t high = bytes & kHighBits;
    if (high != 0) return at + static_cast<std::size_t>(std::countr_zero(high)) / 8;
  }
  while (at < text.size() && (text[at] & 0x80) == 0) {
    ++at;
  }
  return at;
}

/// True if no byte of the text is above 127.
inline bool is_ascii(std::string_view text) {
  return ascii_size(text) == text.size();
}

}  // namespace aludel
