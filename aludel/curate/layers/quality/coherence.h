#pragma once

// Finds the seam between two unrelated texts in one document.

#include <cstdint>
#include <string_view>
#include <utility>

#include "aludel/curate/layers/quality/references.h"
#include "aludel/text/terms.h"

namespace aludel::curate::quality {

/// The position in a text whose two sides have least in common.
struct Seam {
  std::size_t position = 0;  // byte where the second side begins; 0 when the text is too short
  double incoherence = 0;    // 0 to 1: how sure it is that two unrelated texts meet there
};

/// A finder of seams in texts of one corpus. A gap is an end of a sentence or line with 50 terms on
/// both sides. Its lift is the rarity of the terms that both sides share, divided by what sides of
/// that length share by chance in this corpus. The seam is the gap with the least lift. A logistic
/// regression says how sure it is, from six values: the depth of the lift below the median of all
/// gaps (a list of unlike items has no deep gap), the cosine of the sides' tf-idf vectors, whether
/// they resemble the same documents of the corpus (references.h), the capitalised terms that they
/// share, the length of the shorter side, and the share of CJK. Time: linear in the text.
/// Concurrent find(): yes. Source: lexical cohesion and depth scores, Hearst 1997 (TextTiling); the
/// lift is ours.
class SeamFinder {
 public:
  SeamFinder(text::TermStatistics statistics, const ReferenceSample& sample)
      : statistics_(std::move(statistics)), references_(sample, statistics_) {}

  /// Finds the seam of a text.
  Seam find(std::string_view text) const;

  /// Returns the number of documents of the corpus.
  std::uint64_t documents() const { return statistics_.documents(); }

 private:
  text::TermStatistics statistics_;
  References references_;
};

}  // namespace aludel::curate::quality
