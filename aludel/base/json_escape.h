#pragma once

#include <cstddef>
#include <string_view>

// What the writer and the reader of JSON strings share.
namespace aludel {

/// 1 for a byte that is escaped in a string, else 0: a number, so that many are seen at once.
inline unsigned char escape_mark(char c) {
  const int mark = static_cast<int>(static_cast<unsigned char>(c) < 0x20) |
                   static_cast<int>(c == '"') | static_cast<int>(c == '\\');
  return static_cast<unsigned char>(mark);
}

/// The next byte from `at` on that is escaped, or the end.
inline std::size_t find_escaped(std::string_view text, std::size_t at) {
  // OPTIMIZATION: a block has one branch, and the compiler looks at its bytes at once.
  constexpr std::size_t kBlockBytes = 32;
  for (; at + kBlockBytes <= text.size(); at += kBlockBytes) {
    unsigned char any = 0;
    for (std::size_t i = 0; i < kBlockBytes; ++i) {
      any |= escape_mark(text[at + i]);
    }
    if (any != 0) break;
  }
  while (at < text.size() && escape_mark(text[at]) == 0) {
    ++at;
  }
  return at;
}

}  // namespace aludel
