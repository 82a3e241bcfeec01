#pragma once

// What layer semantic's plan (meanings_plan.h) takes of a document, and what it is told.

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
inline constexpr double kAboveAnyQuality = 3;  // qualities are 0 to 1, or none

struct Described {
  std::vector<text::Term> terms;
  std::vector<TermWeight> weights;  // of the terms
  double min_similarity = 0;        // cosine from which it is a copy
  double quality = kNoQuality;
  bool is_settled = false;  // no copy of one that is not
  std::uint32_t group = 0;  // its number in Mixture::groups()
  std::uint64_t mix_bytes =
      0;  // its text, where a mixture is set and it does not fall for its text

  /// By what the better of two copies is known.
  double rank() const { return is_settled ? quality + kAboveAnyQuality : quality; }
};

/// Called from many threads.
using DescribeDocument = std::function<Described(const Document&)>;

struct MeaningSettings {
  std::size_t clusters;  // 0: by the number of documents
  std::size_t rounds;
  double min_cluster_quality;
  std::int64_t min_cluster_documents;
  std::uint64_t seed;
  const Mixture& mixture;
};

/// Clusters of so many documents: one for 200, at most 1,024, unless settings say how many.
std::size_t clusters_for(const MeaningSettings& settings, std::uint64_t documents);

/// What the fit found of one document.
struct Meaning {
  std::string id;
  std::uint32_t cluster;
  double cluster_quality;  // of a cluster that falls; else kNoQuality
  std::string kept;        // the one that says the same and stays; empty for none
  double similarity;       // with that one
  double keep_rate;        // of its group; kNoRate without a mixture
};

inline constexpr double kNoRate = -1;

/// {"id", "cluster", "cluster_quality", "kept", "similarity", "keep_rate"}, of the last four those
/// that are known.
Json meaning_row(const Meaning& meaning);

/// Mean quality of each cluster's documents, of those whose quality is known. Sums are of whole
/// numbers, so that they do not depend on their order.
class ClusterQualities {
 public:
  explicit ClusterQualities(std::size_t clusters) : sums_(clusters, 0), counts_(clusters, 0) {}

  std::size_t clusters() const { return sums_.size(); }

  void add(std::uint32_t cluster, double quality);
  void add_sum(std::uint32_t cluster, std::uint64_t count, std::uint64_t sum);

  std::uint64_t count(std::uint32_t cluster) const { return counts_[cluster]; }

  std::uint64_t sum(std::uint32_t cluster) const { return sums_[cluster]; }

  /// Of a cluster that falls by the settings its quality, else kNoQuality.
  double poor(std::uint32_t cluster, const MeaningSettings& settings) const;

 private:
  std::vector<std::uint64_t> sums_;  // in units of 2^-32
  std::vector<std::uint64_t> counts_;
};

}  // namespace aludel::curate::semantic
