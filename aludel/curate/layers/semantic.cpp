#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "aludel/base/config.h"
#include "aludel/curate/layer.h"
#include "aludel/curate/layers/semantic/near_copies.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/text/contamination.h"

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

  template <class V>
  void visit(V& v) {
    v("min_similarity", min_similarity,
      "cosine of the terms from which on two documents say the same; above 1: never");
    v("min_similarity_cjk", min_similarity_cjk,
      "the same for Chinese, Japanese and Korean, where a changed code point changes two terms");
    v("min_terms", min_terms, "documents of fewer different terms are not compared");
    v("clusters", clusters, "clusters of documents; 0: one for 200 documents");
    v("rounds", rounds, "rounds of k-means");
    v("min_cluster_quality", min_cluster_quality,
      "a cluster falls whose documents' mean quality is lower; only where quality was judged");
    v("min_cluster_documents", min_cluster_documents, "smaller clusters never fall");
    v("evaluation", evaluation, "JSONL files of evaluation sets, which training must not see");
    v("short_runs", short_runs, "runs of 13 words of those sets from which a document falls");
    v("long_runs", long_runs, "runs of 30 words of those sets from which a document falls");
  }
};

constexpr double kNoQuality = -1;

double quality_of(const Document& document) {
  const Json* quality = document.annotations.find("quality");
  return quality == nullptr ? kNoQuality : quality->number_or("score", kNoQuality);
}

std::string state_path(const std::string& folder) {
  return io::join_path(folder, "semantic.jsonl");
}

class SemanticFit final : public Fit {
 public:
  SemanticFit(const SemanticSettings& settings, std::uint64_t seed, Threads& threads)
      : settings_(settings), seed_(seed), threads_(threads) {}

  void observe(const Document& document) override {
    const auto terms = text::split_terms(document.text);
    statistics_.add(terms);
    meanings_.terms.push_back(semantic::weigh_terms(terms));
    meanings_.min_similarities.push_back(min_similarity_of(document));
    meanings_.qualities.push_back(quality_of(document));
    meanings_.ids.push_back(document.id);
  }

  void merge(Fit& later) override {
    auto& other = static_cast<SemanticFit&>(later);
    statistics_.merge(other.statistics_);
    std::ranges::move(other.meanings_.terms, std::back_inserter(meanings_.terms));
    std::ranges::move(other.meanings_.min_similarities,
                      std::back_inserter(meanings_.min_similarities));
    std::ranges::move(other.meanings_.qualities, std::back_inserter(meanings_.qualities));
    std::ranges::move(other.meanings_.ids, std::back_inserter(meanings_.ids));
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
    const auto automatic = std::max<std::size_t>(1, count / 200);
    const std::size_t clusters =
        settings_.clusters > 0 ? static_cast<std::size_t>(settings_.clusters) : automatic;
    const semantic::Clustering clustering =
        semantic::cluster(meanings_.points, std::min(clusters, count),
                          static_cast<std::size_t>(settings_.rounds), seed_, threads_);
    const std::vector<double> qualities = cluster_qualities(clustering);
    const auto copies = semantic::find_near_copies(meanings_, clustering, threads_);
    auto copy = copies.begin();
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t cluster = clustering.assignments[i].nearest;
      Json row = Json::object();
      row["id"] = meanings_.ids[i];
      row["cluster"] = static_cast<std::int64_t>(cluster);
      if (qualities[cluster] >= 0 && qualities[cluster] < settings_.min_cluster_quality) {
        row["cluster_quality"] = qualities[cluster];
      }
      if (copy != copies.end() && copy->document == i) {
        row["kept"] = meanings_.ids[copy->kept];
        row["similarity"] = copy->similarity;
        ++copy;
      }
      ALUDEL_TRY(writer.write(row));
    }
    return writer.commit();
  }

 private:
  double min_similarity_of(const Document& document) const {
    constexpr double kNever = 2;
    if (meanings_.terms.back().size() < static_cast<std::size_t>(settings_.min_terms)) {
      return kNever;
    }
    const bool is_cjk =
        document.language == "zh" || document.language == "ja" || document.language == "ko";
    return is_cjk ? settings_.min_similarity_cjk : settings_.min_similarity;
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

  SemanticSettings settings_;
  std::uint64_t seed_;
  Threads& threads_;
  text::TermStatistics statistics_;
  semantic::Meanings meanings_;
};

class SemanticLayer final : public Layer {
 public:
  SemanticLayer(const SemanticSettings& settings, const LayerContext& context,
                text::ContaminationIndex index)
      : settings_(settings),
        seed_(context.seed),
        threads_(context.threads),
        index_(std::move(index)) {}

  std::unique_ptr<Fit> start_fit() const override {
    return std::make_unique<SemanticFit>(settings_, seed_, threads_);
  }

  Status load_state(io::FileSystem& files, const std::string& state_folder) override {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, state_path(state_folder)));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      findings_[row.string_or("id", "")] = {row.integer_or("cluster", 0), row.string_or("kept", ""),
                                            row.number_or("similarity", 0),
                                            row.number_or("cluster_quality", kNoQuality)};
    }
    return Ok{};
  }

  Verdict judge(Document& document) const override {
    Json& annotation = document.annotations["semantic"];
    const text::Contamination contamination = index_.find(document.text);
    if (contamination.short_runs + contamination.long_runs > 0) {
      annotation["evaluation"] = index_.sets()[contamination.set];
      annotation["short_runs"] = static_cast<std::int64_t>(contamination.short_runs);
      annotation["long_runs"] = static_cast<std::int64_t>(contamination.long_runs);
    }
    const auto found = findings_.find(document.id);
    if (found != findings_.end()) annotation["cluster"] = found->second.cluster;
    if (contamination.short_runs >= static_cast<std::size_t>(settings_.short_runs) ||
        contamination.long_runs >= static_cast<std::size_t>(settings_.long_runs)) {
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
    return {};
  }

 private:
  struct Finding {
    std::int64_t cluster;
    std::string kept;
    double similarity;
    double cluster_quality;  // of a cluster that falls, else -1
  };

  SemanticSettings settings_;
  std::uint64_t seed_;
  Threads& threads_;
  text::ContaminationIndex index_;
  std::unordered_map<std::string, Finding> findings_;
};

Result<std::unique_ptr<Layer>> make_semantic(const Json& settings, const LayerContext& context) {
  SemanticSettings read;
  ALUDEL_TRY(read_config(settings, read, "layer semantic"));
  if (read.clusters < 0 || read.rounds < 0 || read.short_runs < 1 || read.long_runs < 1) {
    return Error{Code::invalid_argument,
                 "[layer semantic] clusters and rounds must not be negative, short_runs and "
                 "long_runs at least 1"};
  }
  auto index = ALUDEL_TRY(text::ContaminationIndex::build(context.files, read.evaluation));
  return std::unique_ptr<Layer>(std::make_unique<SemanticLayer>(read, context, std::move(index)));
}

}  // namespace

extern constinit const LayerSpec layer_semantic = {
    .name = "semantic",
    .summary = "Drops near-copies in meaning, clusters of low quality, and evaluation items.",
    .source = "SemDeDup, arXiv:2303.09540; Yi, arXiv:2403.04652 2.1; GPT-3, arXiv:2005.14165 C",
    .kind = LayerKind::fitted,
    .defaults = [] { return dump_config(SemanticSettings{}); },
    .make = make_semantic,
};

}  // namespace aludel::curate
