#pragma once

#include <string>
#include <string_view>

#include "aludel/curate/layers/metrics/settings.h"

// What C4 and RefinedWeb hold against a single line.
namespace aludel::curate {

/// Whether a text in lower case holds one of C4's six policy phrases.
/// Source: tensorflow_datasets, c4_utils.py.
bool has_policy_phrase(std::string_view lower);

/// Whether the line ends in . ? ! " or ', and not in "...".
bool has_end_mark(std::string_view line);

/// Words of a line as str.split() has them, and the longest one's characters.
struct LineWords {
  std::int64_t count = 0;
  std::int64_t longest = 0;
};

LineWords count_line_words_by_space(std::string_view line);

/// The line without "[12]", "[]", "[edit]" and "[citation needed]", as C4 has it.
std::string without_citations(std::string_view line);

/// Whether C4 drops the line: a word too long, too few words, no end mark (where one is asked for),
/// "javascript" or a policy phrase in it. Source: c4_utils.py, clean_page.
bool c4_drops(std::string_view line, const MetricsSettings& settings);

/// Whether RefinedWeb drops the line: more than half capitals, digits alone, a counter ("12
/// likes"), fewer than two words. Source: arXiv:2306.01116 G.2 in DCLM's form, refinedweb.yaml.
bool refinedweb_drops(std::string_view line);

}  // namespace aludel::curate
