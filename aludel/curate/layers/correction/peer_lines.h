#pragma once

#include <string_view>

#include "aludel/curate/layers/correction/line_edits.h"

// A peer's edits of lines, byte for byte what its pipeline writes of the same text.
namespace aludel::curate {

using EditAsPeer = EditedLines (*)(std::string_view text);

/// C4's clean_page: what stays is trimmed and without citations; lines without an end mark, of
/// fewer than five words, with "javascript" or a policy phrase go.
EditedLines edit_lines_as_c4(std::string_view text);

/// The same as datatrove's C4QualityFilter does it for FineWeb: three words, and no end mark asked
/// for.
EditedLines edit_lines_as_fineweb(std::string_view text);

/// RefinedWeb's edits in DCLM's form. Words are counted as DCLM counts them for its cap of 5 %.
EditedLines edit_lines_as_refinedweb(std::string_view text);

}  // namespace aludel::curate
