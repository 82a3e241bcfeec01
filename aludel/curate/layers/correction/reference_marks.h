#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aludel::curate {

struct UnmarkedText {
  std::string text;
  std::int64_t marks = 0;
};

/// Takes out the marks of encyclopedias: [edit], [citation needed] and their Chinese forms, and the
/// numbers of notes, [12], where the page cites by number. A space before the mark goes with it.
/// Source: C4, arXiv:1910.10683, as in datatrove's c4_filters.py (\[\d*\]|\[edit\]|…).
/// DEVIATION: numbers go only where one stands behind a sentence ("of the town.[12]") and none is
/// [0], and never at the begin of a line, where they name the note: manuals write argv[1]. An empty
/// [] stays.
UnmarkedText strip_reference_marks(std::string_view text);

}  // namespace aludel::curate
