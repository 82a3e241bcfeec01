#pragma once

// Finds documents that say the same as a better document.

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/layers/semantic/kmeans.h"
#include "aludel/curate/layers/semantic/projection.h"

namespace aludel::curate::semantic {

/// Most documents that are compared with each other. A larger cluster is split.
inline constexpr std::size_t kMostCompared = 2048;

/// A document of a group that is compared.
struct Compared {
  std::span<const float> point;
  double min_similarity;  // least cosine at which it is a copy
};

/// A document to drop, the document to keep instead, and the cosine of their terms.
struct NearCopy {
  std::size_t document;
  std::size_t kept;
  double similarity;
};

/// Returns the exact cosine of two documents of a group, by their numbers.
using ExactCosine = std::function<Result<double>(std::size_t a, std::size_t b)>;

/// Returns the documents of a group, best first, that are near-copies of an earlier kept one. The
/// points only exclude pairs, with a margin of two standard errors. Errors: those of `exact`.
Result<std::vector<NearCopy>> copies_in(std::span<const Compared> group, const ExactCosine& exact);

/// The documents to compare; all members are in the same order.
struct Meanings {
  Points points{kDimensions};
  std::vector<std::vector<TermWeight>> terms;  // scaled
  std::vector<double> min_similarities;        // least cosine at which a document is a copy
  std::vector<double> qualities;
  std::vector<std::string> ids;
};

/// Compares documents that have a nearest or second-nearest centre in common. In order of quality,
/// then of id, drops a document if its terms' cosine with a kept one is at least its own
/// min_similarity. Splits a cluster of more than kMostCompared documents by random planes, one
/// after the other; if all planes leave too many together, splits them in that order into groups of
/// kMostCompared. Compares only within a group. The result is sorted by document and does not
/// depend on the number of threads. Source: Abbas et al. 2023, arXiv:2303.09540 (SemDeDup).
std::vector<NearCopy> find_near_copies(const Meanings& meanings, const Clustering& clustering,
                                       Threads& threads);

}  // namespace aludel::curate::semantic
