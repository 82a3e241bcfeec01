#include "aludel/curate/layers/semantic/meanings_fit.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "aludel/curate/layers/semantic/near_copies.h"
#include "aludel/curate/learn/findings.h"

namespace aludel::curate::semantic {
namespace {

class MeaningsFit final : public Fit {
 public:
  MeaningsFit(const MeaningSettings& settings, DescribeDocument describe, Threads& threads)
      : settings_(settings), describe_(std::move(describe)), threads_(threads) {}

  void observe(const Document& document) override {
    Described described = describe_(document);
    statistics_.add(described.terms);
    meanings_.terms.push_back(std::move(described.weights));
    meanings_.min_similarities.push_back(described.min_similarity);
    meanings_.qualities.push_back(described.rank());
    meanings_.ids.push_back(document.id);
    described.terms = {};
    described_.push_back(std::move(described));
  }

  void merge(Fit& later) override {
    auto& other = static_cast<MeaningsFit&>(later);
    statistics_.merge(other.statistics_);
    const auto append = [](auto& to, auto& from) {
      std::ranges::move(from, std::back_inserter(to));
    };
    append(meanings_.terms, other.meanings_.terms);
    append(meanings_.min_similarities, other.meanings_.min_similarities);
    append(meanings_.qualities, other.meanings_.qualities);
    append(meanings_.ids, other.meanings_.ids);
    append(described_, other.described_);
  }

  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    const std::size_t count = meanings_.ids.size();
    if (count == 0) return write_all_findings(files, state_folder, "semantic", {}, {});
    for (std::size_t i = 0; i < count; ++i) {
      scale_by_rarity(meanings_.terms[i], statistics_);
      meanings_.points.add();
    }
    threads_.parallel_for(count, [&](std::size_t i) {
      project(meanings_.terms[i], settings_.seed, meanings_.points[i]);
    });
    const Clustering clustering = cluster();
    ClusterQualities qualities(clustering.centres.size());
    for (std::size_t i = 0; i < count; ++i) {
      qualities.add(clustering.assignments[i].nearest, described_[i].quality);
    }
    std::vector<Meaning> found;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t nearest = clustering.assignments[i].nearest;
      found.push_back(
          {meanings_.ids[i], nearest, qualities.poor(nearest, settings_), "", 0, kNoRate});
    }
    for (const NearCopy& copy : find_near_copies(meanings_, clustering, threads_)) {
      found[copy.document].kept = meanings_.ids[copy.kept];
      found[copy.document].similarity = copy.similarity;
    }
    set_keep_rates(found);
    std::vector<Json> rows;
    rows.reserve(found.size());
    for (const Meaning& meaning : found) {
      rows.push_back(meaning_row(meaning));
    }
    return write_all_findings(files, state_folder, "semantic", meanings_.ids, rows);
  }

 private:
  Clustering cluster() const {
    const std::size_t count = meanings_.ids.size();
    const std::size_t clusters = clusters_for(settings_, count);
    Points sample(kDimensions);
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_in_sample(meanings_.ids[i], settings_.seed, count, most_sampled(clusters))) continue;
      std::ranges::copy(meanings_.points[i], sample.add().begin());
    }
    Clustering clustering{find_centres(sample, std::min(clusters, sample.size()), settings_.rounds,
                                       settings_.seed, threads_),
                          {}};
    clustering.assignments = assign(meanings_.points, clustering.centres, threads_);
    return clustering;
  }

  void set_keep_rates(std::vector<Meaning>& found) const {
    if (!settings_.mixture.is_set()) return;
    const std::vector<std::string> groups = settings_.mixture.groups();
    std::map<std::string, std::uint64_t> bytes;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const bool stays = found[i].kept.empty() && found[i].cluster_quality == kNoQuality;
      bytes[groups[described_[i].group]] += stays ? described_[i].mix_bytes : 0;
    }
    const auto rates = settings_.mixture.keep_rates(bytes);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto rate = rates.find(groups[described_[i].group]);
      if (rate != rates.end()) found[i].keep_rate = rate->second;
    }
  }

  MeaningSettings settings_;
  DescribeDocument describe_;
  Threads& threads_;
  text::TermStatistics statistics_;
  Meanings meanings_;
  std::vector<Described> described_;  // without terms and weights
};

}  // namespace

std::unique_ptr<Fit> start_meanings_fit(const MeaningSettings& settings, DescribeDocument describe,
                                        Threads& threads) {
  return std::make_unique<MeaningsFit>(settings, std::move(describe), threads);
}

}  // namespace aludel::curate::semantic
