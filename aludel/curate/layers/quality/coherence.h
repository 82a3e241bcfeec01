#pragma once

// Finds the seam of two unrelated texts that were put together.

#include <string_view>

#include "aludel/text/terms.h"

namespace aludel::curate::quality {

/// The place in a text where its two sides have least in common.
struct Seam {
  std::size_t position = 0;  // byte where the second side begins; 0 when the text is too short
  double incoherence = 0;    // 0 to 1: how sure it is that two unrelated texts meet there
};

/// Looks at every end of a passage (a sentence or line after 25 terms or more) with 50 terms on
/// both sides. A gap's lift is the rarity of the terms that both sides share, over what sides of
/// that length share by chance in this corpus; the seam is the gap of least lift. How sure it is
/// follows from the lift, its depth below the median of all gaps (a page that is a list of unlike
/// items has no deep gap), the cosine of the sides' tf-idf vectors, the length of the shorter side
/// and the share of CJK, by a logistic regression. Time: linear in the text. Source: lexical
/// cohesion and depth scores, Hearst 1997 (TextTiling); the lift is ours.
Seam find_seam(std::string_view text, const text::TermStatistics& statistics);

}  // namespace aludel::curate::quality
