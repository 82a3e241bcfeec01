#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aludel::text {

/// What a text of several scripts says in Latin letters.
struct LatinProse {
  std::string text;         // the words, without those of other scripts
  std::size_t letters = 0;  // of these words
  std::size_t words = 0;
  std::size_t function_words = 0;  // "the", "und", "que"

  /// Whether the words are sentences of a language, or names and terms in a text of another.
  bool is_prose() const { return function_words * 8 >= words && words > 0; }
};

/// Takes the Latin words out of a text in Chinese, Japanese or Korean. Leaves out what is in Latin
/// letters in any language: lines of code, addresses of the web and of files, identifiers.
/// `text` is valid UTF-8. Time: linear. Concurrent calls: yes.
LatinProse latin_prose(std::string_view text);

}  // namespace aludel::text
