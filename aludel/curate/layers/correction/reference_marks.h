#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aludel::curate {

struct UnmarkedText {
  std::string text;
  std::int64_t marks = 0;
};

/// Removes the marks of encyclopedias, with a space before them: [edit], [citation needed] and
/// their Chinese forms, and the numbers of notes, [12], if the page cites by number. Source: C4,
/// arXiv:1910.10683, as in datatrove's c4_filters.py (\[\d*\]|\[edit\]|…). DEVIATION: removes
/// numbers only if one stands behind a sentence ("of the town.[12]") and none is [0], because
/// manuals write argv[1]; never at the begin of a line, where the number names the note. Keeps an
/// empty [].
UnmarkedText strip_reference_marks(std::string_view text);

}  // namespace aludel::curate
