#pragma once

#include <cstddef>
#include <string_view>

#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/characters.h"

namespace aludel::curate {

/// Returns the number of characters. REQUIRES: valid UTF-8.
inline std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
  }
  return count;
}

/// Calls use(begin, end) for each run without white space, as Python's str.split() splits.
template <class Use>
void for_each_chunk(std::string_view text, Use use) {
  const CharacterTable& table = character_table();
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte > ' ' && byte < 128) {
      ++at;
      continue;
    }
    const CodePoint point = decode_utf8(text, at);
    if (table[point.value].has(kPythonSpace)) {
      if (at > begin) use(begin, at);
      begin = at + point.size_bytes;
    }
    at += point.size_bytes;
  }
  if (text.size() > begin) use(begin, text.size());
}

}  // namespace aludel::curate
