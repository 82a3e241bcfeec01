#pragma once

// Documents that say what a better one says.

#include <cstdint>
#include <string>
#include <vector>

#include "aludel/base/threads.h"
#include "aludel/curate/layers/semantic/embedding.h"
#include "aludel/curate/layers/semantic/kmeans.h"

namespace aludel::curate::semantic {

/// What is compared of the documents, all of one order.
struct Meanings {
  Points points{kDimensions};
  std::vector<std::vector<TermWeight>> terms;  // scaled
  std::vector<double> min_similarities;        // cosine from which a document is a copy
  std::vector<double> qualities;
  std::vector<std::string> ids;
};

/// A document to drop, the one that stays instead of it, and the cosine of their terms.
struct NearCopy {
  std::size_t document;
  std::size_t kept;
  double similarity;
};

/// Compares the documents that have a nearest or second-nearest centre in common; in order of
/// quality, then of id, one falls when its terms' cosine with one that stays is at least its own
/// least similarity. A cluster of more than 2,048 documents is parted by random planes first, and
/// only its parts are compared. Sorted by document; independent of the number of threads.
/// Source: Abbas et al. 2023, arXiv:2303.09540 (SemDeDup).
std::vector<NearCopy> find_near_copies(const Meanings& meanings, const Clustering& clustering,
                                       Threads& threads);

}  // namespace aludel::curate::semantic
