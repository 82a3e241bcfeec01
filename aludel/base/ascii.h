#pragma once

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

}  // namespace aludel
