#pragma once

// Finds the seam of two unrelated texts that were put together.

#include <cstdint>
#include <string_view>
#include <utility>

#include "aludel/curate/layers/quality/references.h"
#include "aludel/text/terms.h"

namespace aludel::curate::quality {

/// The place in a text where its two sides have least in common.
struct Seam {
  std::size_t position = 0;  // byte where the second side begins; 0 when the text is too short
  double incoherence = 0;    // 0 to 1: how sure it is that two unrelated texts meet there
};

/// Finds seams in texts of one corpus. Looks at every end of a sentence or line with 50 terms on
/// both sides. A gap's lift is the rarity of the terms that both sides share, over what sides of
/// that length share by chance in this corpus; the seam is the gap of least lift. How sure it is
/// follows, by a logistic regression, from five things: the depth of the lift below the median of
/// all gaps (a page that is a list of unlike items has no deep gap), the cosine of the sides'
/// tf-idf vectors, whether they resemble the same documents of the corpus (references.h), the
/// capitalised terms that they share, and the length of the shorter side; and from the share of
/// CJK. Time: linear in the text. Concurrent find(): yes. Source: lexical cohesion and depth
/// scores, Hearst 1997 (TextTiling); the lift is ours.
class SeamFinder {
 public:
  SeamFinder(text::TermStatistics statistics, const ReferenceSample& sample)
      : statistics_(std::move(statistics)), references_(sample, statistics_) {}

  Seam find(std::string_view text) const;

  /// Documents of the corpus.
  std::uint64_t documents() const { return statistics_.documents(); }

 private:
  text::TermStatistics statistics_;
  References references_;
};

}  // namespace aludel::curate::quality
