#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/base/rng.h"
#include "aludel/text/ngram_lm/text_units.h"

namespace aludel::curate {

/// As text::lines_of_units, with the text's words, and apart from them its CJK letters, in random
/// order. A word is what has no gap inside it ("don't", "x-ray"), without the marks behind it;
/// marks, further symbols and line ends stay where they are.
std::vector<std::uint64_t> lines_in_random_order(std::string_view text,
                                                 const std::vector<text::TextUnit>& units,
                                                 const text::LineMarks& marks, Rng random);

}  // namespace aludel::curate
