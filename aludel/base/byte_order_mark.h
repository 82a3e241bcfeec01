#pragma once

#include <string_view>

namespace aludel {

/// U+FEFF in UTF-8: a file may begin with it, and it is no part of its text.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

inline std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

}  // namespace aludel
