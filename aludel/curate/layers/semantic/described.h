#pragma once

// The input and the settings of layer semantic's plan (meanings_plan.h), and what it finds.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/curate/document/document.h"
#include "aludel/curate/layers/semantic/embedding.h"
#include "aludel/curate/layers/semantic/mixture.h"
#include "aludel/text/terms.h"

namespace aludel::curate::semantic {

inline constexpr double kNoQuality = -1;
inline constexpr double kAboveAnyQuality = 3;  // qualities are 0 to 1 or kNoQuality

/// What the plan needs of a document.
struct Described {
  std::vector<text::Term> terms;
  std::vector<TermWeight> weights;  // of the terms
  double min_similarity = 0;        // least cosine at which it is a copy
  double quality = kNoQuality;
  bool is_settled = false;      // never dropped as a copy of a document that is not settled
  std::uint32_t group = 0;      // its number in Mixture::groups()
  std::uint64_t mix_bytes = 0;  // of its text; 0 without a mixture, or if it is contaminated

  /// Returns the sort key of copies; larger is better.
  double rank() const { return is_settled ? quality + kAboveAnyQuality : quality; }
};

/// Describes a document. It is called from many threads.
using DescribeDocument = std::function<Described(const Document&)>;

struct MeaningSettings {
  std::size_t clusters;  // 0: chosen by the number of documents
  std::size_t rounds;
  double min_cluster_quality;
  std::int64_t min_cluster_documents;
  std::uint64_t seed;
  const Mixture& mixture;
};

/// Returns the number of clusters: that of the settings, or one for 200 documents, at most 1,024.
std::size_t clusters_for(const MeaningSettings& settings, std::uint64_t documents);

/// What the plan has found about one document.
struct Meaning {
  std::string id;
  std::uint32_t cluster;
  double cluster_quality;  // of a cluster to drop; else kNoQuality
  std::string kept;        // the kept document that says the same; empty if there is none
  double similarity;       // with that document
  double keep_rate;        // of its group; kNoRate without a mixture
};

inline constexpr double kNoRate = -1;

/// Returns the finding of a document: {"id", "cluster", "cluster_quality", "kept", "similarity",
/// "keep_rate"}. Leaves out those of the last four that are not known.
Json meaning_row(const Meaning& meaning);

/// The mean quality of each cluster, over documents with a known quality. Sums are whole numbers,
/// so that they do not depend on the order.
class ClusterQualities {
 public:
  explicit ClusterQualities(std::size_t clusters) : sums_(clusters, 0), counts_(clusters, 0) {}

  std::size_t clusters() const { return sums_.size(); }

  void add(std::uint32_t cluster, double quality);
  void add_sum(std::uint32_t cluster, std::uint64_t count, std::uint64_t sum);

  std::uint64_t count(std::uint32_t cluster) const { return counts_[cluster]; }

  std::uint64_t sum(std::uint32_t cluster) const { return sums_[cluster]; }

  /// Returns the quality of a cluster that the settings drop; else kNoQuality.
  double poor(std::uint32_t cluster, const MeaningSettings& settings) const;

 private:
  std::vector<std::uint64_t> sums_;  // in units of 2^-32
  std::vector<std::uint64_t> counts_;
};

}  // namespace aludel::curate::semantic
