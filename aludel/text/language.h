#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aludel::text {

class FastTextModel;

/// Chinese, Japanese or Korean, by its ISO 639-1 code.
bool is_cjk_language(std::string_view language);

/// A language and about the share of a text that is in it.
struct LanguageShare {
  std::string language;
  double share;
};

/// The language that most of a text is in, and the others.
struct LanguageGuess {
  std::string language = "und";  // ISO 639-1 where it has a code, else 639-3; "und" if unknown
  std::string script;            // ISO 15924: "Latn", "Hans", "Hant", "Jpan", "Cyrl"; may be empty
  double confidence = 0;         // 0 to 1; about the share of the text in that language
  std::vector<LanguageShare> others = {};  // with a share of 0.05 or more, the largest first
};

/// Guesses from 1 KB of a text, its start, middle and end, or from 4 KB where 1 KB leaves a doubt.
/// Chinese, Japanese, Korean and Thai are told by their scripts, the rest by CLD2. `model`, for one
/// lid.176.ftz, is asked where CLD2 is unsure (unreliable, or less than 0.9 of the sample in one
/// language): then its label and probability count. Without a model, what CLD2 calls unreliable has
/// at most half the confidence. Where Chinese, Japanese or Korean stands beside Latin letters, the
/// shares are of the prose alone: lines of code, addresses and identifiers are left out, names and
/// terms as well, and a Han letter is worth 3.5 Latin ones. `text` is valid UTF-8. Concurrent
/// calls: yes. Source: https://github.com/CLD2Owners/cld2 (2015); fastText, arXiv:1607.01759.
LanguageGuess guess_language(std::string_view text, const FastTextModel* model = nullptr);

}  // namespace aludel::text
