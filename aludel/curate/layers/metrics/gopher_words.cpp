#include "aludel/curate/layers/metrics/gopher_words.h"

#include <algorithm>
#include <array>

#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/characters.h"

namespace aludel::curate {

bool has_letter(std::string_view word) {
  const CharacterTable& table = character_table();
  for (std::size_t at = 0; at < word.size();) {
    const CodePoint point = decode_utf8(word, at);
    if (table[point.value].has(kPythonAlpha)) return true;
    at += point.size_bytes;
  }
  return false;
}

bool is_gopher_stop_word(std::string_view word) {
  static constexpr std::array<std::string_view, 8> kWords = {"the", "be",   "to",   "of",
                                                             "and", "that", "have", "with"};
  return std::ranges::find(kWords, word) != kWords.end();
}

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + what.size())) {
    ++count;
  }
  return count;
}

}  // namespace aludel::curate
