#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "aludel/base/config.h"
#include "aludel/curate/layer.h"
#include "aludel/curate/layers/semantic/mixture.h"
#include "aludel/curate/layers/semantic/near_copies.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/text/contamination.h"
#include "aludel/text/language.h"

namespace aludel::curate {
namespace {

struct SemanticSettings {
  double min_similarity = 0.8;
  double min_similarity_cjk = 0.7;
  std::int64_t min_terms = 60;
  std::int64_t clusters = 0;
  std::int64_t rounds = 10;
  double min_cluster_quality = 0.1;
  std::int64_t min_cluster_documents = 5;
  std::vector<std::string> evaluation;
  std::int64_t short_runs = 1;
  std::int64_t long_runs = 1;
  std::string mixture_by = "source";
  Json mixture = Json::object();

  template <class V>
  void visit(V& v) {
    v("min_similarity", min_similarity,
      "cosine of the terms from which on two documents say the same; above 1: never");
    v("min_similarity_cjk", min_similarity_cjk,
      "the same for Chinese, Japanese and Korean, where a changed code point changes two terms");
    v("min_terms", min_terms, "documents of fewer different terms are not compared");
    v("clusters", clusters, "clusters of documents; 0: one for 200 documents, at most 1,024");
    v("rounds", rounds, "rounds of k-means");
    v("min_cluster_quality", min_cluster_quality,
      "a cluster falls whose documents' mean quality is lower; only where quality was judged");
    v("min_cluster_documents", min_cluster_documents, "smaller clusters never fall");
    v("evaluation", evaluation, "JSONL files of evaluation sets, which training must not see");
    v("short_runs", short_runs, "runs of 13 words of those sets from which a document falls");
    v("long_runs", long_runs, "runs of 30 words of those sets from which a document falls");
    v("mixture_by", mixture_by, "what the mixture's groups are: source, language or topic");
    v("mixture", mixture,
      "table of shares of the kept bytes by group, such as en = 0.6; what they leave of 1 is for "
      "all other groups; the group that is scarcest stays whole, of the others documents are "
      "drawn by seed and id; empty: no sampling");
  }
};

constexpr std::size_t kMostClusters = 1024;  // more would make the cost more than linear
constexpr double kNoQuality = -1;
constexpr double kAboveAnyQuality = 3;  // qualities are 0 to 1, or none

double quality_of(const Document& document) {
  const Json* quality = document.annotations.find("quality");
  return quality == nullptr ? kNoQuality : quality->number_or("score", kNoQuality);
}

std::string state_path(const std::string& folder) {
  return io::join_path(folder, "semantic.jsonl");
}

bool is_contaminated(const text::Contamination& found, const SemanticSettings& settings) {
  return found.short_runs >= static_cast<std::size_t>(settings.short_runs) ||
         found.long_runs >= static_cast<std::size_t>(settings.long_runs);
}

/// What a layer and its fits use alike; the layer owns it.
struct SemanticParts {
  SemanticSettings settings;
  std::uint64_t seed;
  Threads& threads;
  text::ContaminationIndex index;
  semantic::Mixture mixture;
};

class SemanticFit final : public Fit {
 public:
  explicit SemanticFit(const SemanticParts& parts)
      : parts_(parts), settings_(parts.settings), seed_(parts.seed), threads_(parts.threads) {}

  void observe(const Document& document) override {
    const auto terms = text::split_terms(document.text);
    statistics_.add(terms);
    meanings_.terms.push_back(semantic::weigh_terms(terms));
    meanings_.min_similarities.push_back(min_similarity_of(document));
    meanings_.qualities.push_back(quality_of(document));
    meanings_.ids.push_back(document.id);
    settled_.push_back(document.is_settled);
    if (!parts_.mixture.is_set()) return;
    const bool falls = is_contaminated(parts_.index.find(document.text), settings_);
    mixed_.push_back({parts_.mixture.group_of(document), falls ? 0 : document.text.size()});
  }

  void merge(Fit& later) override {
    auto& other = static_cast<SemanticFit&>(later);
    statistics_.merge(other.statistics_);
    std::ranges::move(other.meanings_.terms, std::back_inserter(meanings_.terms));
    std::ranges::move(other.meanings_.min_similarities,
                      std::back_inserter(meanings_.min_similarities));
    std::ranges::move(other.meanings_.qualities, std::back_inserter(meanings_.qualities));
    std::ranges::move(other.meanings_.ids, std::back_inserter(meanings_.ids));
    std::ranges::move(other.mixed_, std::back_inserter(mixed_));
    settled_.insert(settled_.end(), other.settled_.begin(), other.settled_.end());
  }

  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    auto writer = ALUDEL_TRY(io::JsonlWriter::create(files, state_path(state_folder)));
    const std::size_t count = meanings_.ids.size();
    if (count == 0) return writer.commit();
    for (std::size_t i = 0; i < count; ++i) {
      semantic::scale_by_rarity(meanings_.terms[i], statistics_);
      meanings_.points.add();
    }
    threads_.parallel_for(count, [&](std::size_t i) {
      semantic::project(meanings_.terms[i], seed_, meanings_.points[i]);
    });
    const auto automatic = std::clamp<std::size_t>(count / 200, 1, kMostClusters);
    const std::size_t clusters =
        settings_.clusters > 0 ? static_cast<std::size_t>(settings_.clusters) : automatic;
    const semantic::Clustering clustering =
        semantic::cluster(meanings_.points, std::min(clusters, count),
                          static_cast<std::size_t>(settings_.rounds), seed_, threads_);
    const std::vector<double> qualities = cluster_qualities(clustering);
    for (std::size_t i = 0; i < count; ++i) {
      if (settled_[i]) meanings_.qualities[i] += kAboveAnyQuality;
    }
    const auto copies = semantic::find_near_copies(meanings_, clustering, threads_);
    auto copy = copies.begin();
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t cluster = clustering.assignments[i].nearest;
      Json row = Json::object();
      row["id"] = meanings_.ids[i];
      row["cluster"] = static_cast<std::int64_t>(cluster);
      const bool is_poor =
          qualities[cluster] >= 0 && qualities[cluster] < settings_.min_cluster_quality;
      const bool is_copy = copy != copies.end() && copy->document == i;
      if (is_poor) row["cluster_quality"] = qualities[cluster];
      if (is_copy) {
        row["kept"] = meanings_.ids[copy->kept];
        row["similarity"] = copy->similarity;
        ++copy;
      }
      if (parts_.mixture.is_set() && (is_poor || is_copy)) mixed_[i].bytes = 0;
      ALUDEL_TRY(writer.write(row));
    }
    ALUDEL_TRY(write_mixture(writer));
    return writer.commit();
  }

 private:
  /// A document in its group; no bytes when it falls for another reason.
  struct Mixed {
    std::string group;
    std::uint64_t bytes;
  };

  /// One row {"group", "bytes", "keep_rate"} for each group that has text.
  Status write_mixture(io::JsonlWriter& writer) const {
    if (!parts_.mixture.is_set()) return Ok{};
    std::map<std::string, std::uint64_t> bytes;
    for (const Mixed& mixed : mixed_) {
      bytes[mixed.group] += mixed.bytes;
    }
    for (const auto& [group, rate] : parts_.mixture.keep_rates(bytes)) {
      Json row = Json::object();
      row["group"] = group;
      row["bytes"] = bytes[group];
      row["keep_rate"] = rate;
      ALUDEL_TRY(writer.write(row));
    }
    return Ok{};
  }

  double min_similarity_of(const Document& document) const {
    constexpr double kNever = 2;
    if (meanings_.terms.back().size() < static_cast<std::size_t>(settings_.min_terms)) {
      return kNever;
    }
    return text::is_cjk_language(document.language) ? settings_.min_similarity_cjk
                                                    : settings_.min_similarity;
  }

  /// The mean of the documents whose quality is known; -1 for a cluster with too few of them.
  std::vector<double> cluster_qualities(const semantic::Clustering& clustering) const {
    std::vector<double> sums(clustering.centres.size(), 0);
    std::vector<std::int64_t> counts(sums.size(), 0);
    for (std::size_t i = 0; i < meanings_.ids.size(); ++i) {
      if (meanings_.qualities[i] < 0) continue;
      sums[clustering.assignments[i].nearest] += meanings_.qualities[i];
      ++counts[clustering.assignments[i].nearest];
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] = counts[i] < settings_.min_cluster_documents
                    ? kNoQuality
                    : sums[i] / static_cast<double>(counts[i]);
    }
    return sums;
  }

  const SemanticParts& parts_;
  const SemanticSettings& settings_;
  std::uint64_t seed_;
  Threads& threads_;
  text::TermStatistics statistics_;
  semantic::Meanings meanings_;
  std::vector<Mixed> mixed_;  // by document, where a mixture is set
  std::vector<bool> settled_;
};

class SemanticLayer final : public Layer {
 public:
  explicit SemanticLayer(SemanticParts parts) : parts_(std::move(parts)) {}

  std::unique_ptr<Fit> start_fit() const override { return std::make_unique<SemanticFit>(parts_); }

  Status load_state(io::FileSystem& files, const std::string& state_folder) override {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, state_path(state_folder)));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      if (row.find("group") != nullptr) {
        keep_rates_[row.string_or("group", "")] = row.number_or("keep_rate", 1);
        continue;
      }
      findings_[row.string_or("id", "")] = {row.integer_or("cluster", 0), row.string_or("kept", ""),
                                            row.number_or("similarity", 0),
                                            row.number_or("cluster_quality", kNoQuality)};
    }
    return Ok{};
  }

  Verdict judge(Document& document) const override {
    Json& annotation = document.annotations["semantic"];
    const text::Contamination contamination = parts_.index.find(document.text);
    if (contamination.short_runs + contamination.long_runs > 0) {
      annotation["evaluation"] = parts_.index.sets()[contamination.set];
      annotation["short_runs"] = static_cast<std::int64_t>(contamination.short_runs);
      annotation["long_runs"] = static_cast<std::int64_t>(contamination.long_runs);
    }
    const auto found = findings_.find(document.id);
    if (found != findings_.end()) annotation["cluster"] = found->second.cluster;
    if (is_contaminated(contamination, parts_.settings)) {
      return {false, "contaminated",
              static_cast<double>(contamination.short_runs + contamination.long_runs)};
    }
    if (found == findings_.end()) return {};
    const Finding& finding = found->second;
    if (!finding.kept.empty()) {
      annotation["kept"] = finding.kept;
      return {false, "semantic_duplicate", finding.similarity};
    }
    if (finding.cluster_quality >= 0) {
      return {false, "low_quality_cluster", finding.cluster_quality};
    }
    return sample(document, annotation);
  }

 private:
  /// Draws the document by its group's rate. A group that the fit did not see stays.
  Verdict sample(const Document& document, Json& annotation) const {
    if (!parts_.mixture.is_set()) return {};
    const auto rate = keep_rates_.find(parts_.mixture.group_of(document));
    if (rate == keep_rates_.end()) return {};
    annotation["keep_rate"] = rate->second;
    if (semantic::is_sampled(document.id, parts_.seed, rate->second)) return {};
    return {false, "mixture", rate->second};
  }

  struct Finding {
    std::int64_t cluster;
    std::string kept;
    double similarity;
    double cluster_quality;  // of a cluster that falls, else -1
  };

  SemanticParts parts_;
  std::unordered_map<std::string, Finding> findings_;
  std::map<std::string, double> keep_rates_;  // by group of the mixture
};

Result<std::unique_ptr<Layer>> make_semantic(const Json& settings, const LayerContext& context) {
  SemanticSettings read;
  ALUDEL_TRY(read_config(settings, read, "layer semantic"));
  if (read.clusters < 0 || read.rounds < 0 || read.short_runs < 1 || read.long_runs < 1) {
    return Error{Code::invalid_argument,
                 "[layer semantic] clusters and rounds must not be negative, short_runs and "
                 "long_runs at least 1"};
  }
  SemanticParts parts{read, context.seed, context.threads,
                      ALUDEL_TRY(text::ContaminationIndex::build(context.files, read.evaluation)),
                      ALUDEL_TRY(semantic::Mixture::create(read.mixture_by, read.mixture))};
  return std::unique_ptr<Layer>(std::make_unique<SemanticLayer>(std::move(parts)));
}

}  // namespace

extern constinit const LayerSpec layer_semantic = {
    .name = "semantic",
    .summary = "Drops near-copies in meaning, poor clusters, evaluation items; sets the mixture.",
    .source = "SemDeDup, arXiv:2303.09540; Yi, arXiv:2403.04652 2.1; GPT-3, arXiv:2005.14165 C",
    .kind = LayerKind::fitted,
    .show_settings = default_settings<SemanticSettings>,
    .make = make_semantic,
};

}  // namespace aludel::curate
