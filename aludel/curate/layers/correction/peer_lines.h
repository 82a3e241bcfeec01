#pragma once

#include <string_view>

#include "aludel/curate/layers/correction/line_edits.h"

// Edits lines as other pipelines do: the result is equal byte for byte.
namespace aludel::curate {

using EditAsPeer = EditedLines (*)(std::string_view text);

/// Edits as C4's clean_page: trims lines and removes citations. Drops lines without an end mark,
/// with fewer than five words, with "javascript" or with a policy phrase.
EditedLines edit_lines_as_c4(std::string_view text);

/// Edits as datatrove's C4QualityFilter does for FineWeb: three words, and no end mark needed.
EditedLines edit_lines_as_fineweb(std::string_view text);

/// Edits as RefinedWeb, in DCLM's form. Counts words as DCLM does for its cap of 5 %.
EditedLines edit_lines_as_refinedweb(std::string_view text);

}  // namespace aludel::curate
