#include "aludel/curate/layers/semantic/described.h"

#include <algorithm>
#include <cmath>

namespace aludel::curate::semantic {
namespace {

constexpr std::size_t kMostClusters = 1024;  // more would make the cost more than linear
constexpr std::size_t kDocumentsOfCluster = 200;
constexpr double kUnit = 0x1p-32;  // of a sum of qualities

}  // namespace

std::size_t clusters_for(const MeaningSettings& settings, std::uint64_t documents) {
  const auto count = static_cast<std::size_t>(documents);
  const auto automatic = std::clamp<std::size_t>(count / kDocumentsOfCluster, 1, kMostClusters);
  return std::min(settings.clusters > 0 ? settings.clusters : automatic, count);
}

Json meaning_row(const Meaning& meaning) {
  Json row = Json::object();
  row["id"] = meaning.id;
  row["cluster"] = static_cast<std::int64_t>(meaning.cluster);
  if (meaning.cluster_quality != kNoQuality) row["cluster_quality"] = meaning.cluster_quality;
  if (!meaning.kept.empty()) {
    row["kept"] = meaning.kept;
    row["similarity"] = meaning.similarity;
  }
  if (meaning.keep_rate != kNoRate) row["keep_rate"] = meaning.keep_rate;
  return row;
}

void ClusterQualities::add(std::uint32_t cluster, double quality) {
  if (quality < 0) return;
  add_sum(cluster, 1, static_cast<std::uint64_t>(std::llround(quality / kUnit)));
}

void ClusterQualities::add_sum(std::uint32_t cluster, std::uint64_t count, std::uint64_t sum) {
  counts_[cluster] += count;
  sums_[cluster] += sum;
}

double ClusterQualities::poor(std::uint32_t cluster, const MeaningSettings& settings) const {
  const std::uint64_t count = counts_[cluster];
  if (count == 0 || count < static_cast<std::uint64_t>(
                                std::max<std::int64_t>(settings.min_cluster_documents, 0))) {
    return kNoQuality;
  }
  const double mean = static_cast<double>(sums_[cluster]) * kUnit / static_cast<double>(count);
  return mean < settings.min_cluster_quality ? mean : kNoQuality;
}

}  // namespace aludel::curate::semantic
