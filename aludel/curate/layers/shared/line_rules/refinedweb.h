#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// What RefinedWeb does to lines, in DCLM's form. Sources: arXiv:2306.01116 G.2; mlfoundations/dclm,
// baselines/mappers/modifiers.py as dclm_baseline_refinedweb.yaml and refinedweb.yaml run it.
namespace aludel::curate {

/// Whether the line goes: more than half capitals, digits alone, a counter ("12 likes"), fewer than
/// two words.
bool refinedweb_drops(std::string_view line);

/// The text after all of its line edits: such lines go, empty ones stay, and "items in cart",
/// "read more..." at the end and "sign-in" at the front go from lines of ten words or fewer.
/// As in DCLM's pattern a full stop of "read more..." stands for any character.
std::string edit_as_refinedweb(std::string_view text);

/// Words as fastText parts them, at ASCII white space only, that begin with a letter or number: by
/// these DCLM measures how much the edits took.
std::int64_t count_fasttext_words(std::string_view text);

}  // namespace aludel::curate
