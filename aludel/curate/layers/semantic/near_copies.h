#pragma once

// Documents that say what a better one says.

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/layers/semantic/embedding.h"
#include "aludel/curate/layers/semantic/kmeans.h"

namespace aludel::curate::semantic {

/// Documents that are compared with each other, at most; a larger cluster is parted.
inline constexpr std::size_t kMostCompared = 2048;

/// A document of a group that is compared.
struct Compared {
  std::span<const float> point;
  double min_similarity;  // cosine from which it is a copy
};

/// A document to drop, the one that stays instead of it, and the cosine of their terms.
struct NearCopy {
  std::size_t document;
  std::size_t kept;
  double similarity;
};

/// The exact cosine of two documents of a group, by their numbers.
using ExactCosine = std::function<Result<double>(std::size_t a, std::size_t b)>;

/// Of a group, best first, those that are near-copies of one before them that stays. The points
/// only rule pairs out, with a margin of two standard errors. Errors: those of `exact`.
Result<std::vector<NearCopy>> copies_in(std::span<const Compared> group, const ExactCosine& exact);

/// What is compared of the documents, all of one order.
struct Meanings {
  Points points{kDimensions};
  std::vector<std::vector<TermWeight>> terms;  // scaled
  std::vector<double> min_similarities;        // cosine from which a document is a copy
  std::vector<double> qualities;
  std::vector<std::string> ids;
};

/// Compares the documents that have a nearest or second-nearest centre in common; in order of
/// quality, then of id, one falls when its terms' cosine with one that stays is at least its own
/// least similarity. A cluster of more than kMostCompared documents is parted by random planes
/// first, one after the other, and where all planes leave too many together, in that order into
/// parts of so many; only its parts are compared. Sorted by document; independent of the number of
/// threads. Source: Abbas et al. 2023, arXiv:2303.09540 (SemDeDup).
std::vector<NearCopy> find_near_copies(const Meanings& meanings, const Clustering& clustering,
                                       Threads& threads);

}  // namespace aludel::curate::semantic
