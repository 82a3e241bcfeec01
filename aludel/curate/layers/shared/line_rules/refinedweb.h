#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// RefinedWeb's edits of lines, in DCLM's form. Sources: arXiv:2306.01116 G.2; mlfoundations/dclm,
// baselines/mappers/modifiers.py as dclm_baseline_refinedweb.yaml and refinedweb.yaml run it.
namespace aludel::curate {

/// True if RefinedWeb drops the line: more than half capitals, only digits, a counter ("12 likes"),
/// or fewer than two words.
bool refinedweb_drops(std::string_view line);

/// Returns the text after all line edits. Drops such lines and keeps empty ones. In lines of ten
/// words or fewer, removes "items in cart", "read more..." at the end and "sign-in" at the front.
/// As in DCLM's pattern, a full stop of "read more..." matches any character.
std::string edit_as_refinedweb(std::string_view text);

/// Counts the words, split at ASCII white space as in fastText, that begin with a letter or number.
/// DCLM measures with them how much the edits have removed.
std::int64_t count_fasttext_words(std::string_view text);

}  // namespace aludel::curate
