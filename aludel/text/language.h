#pragma once

#include <string>
#include <string_view>

namespace aludel::text {

/// The language that most of a text is in.
struct LanguageGuess {
  std::string language = "und";  // ISO 639-1 where it has a code, else 639-3; "und" if unknown
  std::string script;            // ISO 15924: "Latn", "Hans", "Hant", "Jpan", "Cyrl"; may be empty
  double confidence = 0;         // 0 to 1; about the share of the text in that language
};

/// Guesses from at most 4 KB: the start, the middle and the end of a longer text. Chinese,
/// Japanese, Korean and Thai are told by their scripts, the rest by CLD2; what CLD2 calls
/// unreliable has at most half the confidence. `text` is valid UTF-8. Concurrent calls: yes.
/// Source: https://github.com/CLD2Owners/cld2 (2015).
LanguageGuess guess_language(std::string_view text);

}  // namespace aludel::text
