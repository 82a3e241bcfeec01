#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/base/rng.h"
#include "aludel/text/ngram_lm/text_units.h"

namespace aludel::curate {

/// Returns text::lines_of_units with the words in random order, and the CJK letters in random order
/// among themselves. A word has no gap inside it ("don't", "x-ray") and does not include the marks
/// behind it. Marks, other symbols and line ends keep their positions.
std::vector<std::uint64_t> lines_in_random_order(std::string_view text,
                                                 const std::vector<text::TextUnit>& units,
                                                 const text::LineMarks& marks, Rng random);

}  // namespace aludel::curate
