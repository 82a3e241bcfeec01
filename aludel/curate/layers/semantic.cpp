#include <algorithm>

#include "aludel/base/config.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/layers/semantic/meanings_plan.h"
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
      "cosine of the terms from which on two documents say the same; above 1: never", at_least(0))
        .read_at = ReadAt::learning;
    v("min_similarity_cjk", min_similarity_cjk,
      "the same for Chinese, Japanese and Korean, where a changed code point changes two terms",
      at_least(0))
        .read_at = ReadAt::learning;
    v("min_terms", min_terms, "documents of fewer different terms are not compared", at_least(0))
        .read_at = ReadAt::learning;
    v("clusters", clusters, "clusters of documents; 0: one for 200 documents, at most 1,024",
      at_least(0))
        .read_at = ReadAt::learning;
    v("rounds", rounds, "most rounds of k-means", at_least(0)).read_at = ReadAt::learning;
    v("min_cluster_quality", min_cluster_quality,
      "a cluster falls whose documents' mean quality is lower; only where quality was judged",
      kShare)
        .read_at = ReadAt::learning;
    v("min_cluster_documents", min_cluster_documents, "smaller clusters never fall", at_least(0))
        .read_at = ReadAt::learning;
    v("evaluation", evaluation, "JSONL files of evaluation sets, which training must not see");
    v("short_runs", short_runs, "runs of 13 words of those sets from which a document falls",
      at_least(1))
        .read_at = ReadAt::decision;
    v("long_runs", long_runs, "runs of 30 words of those sets from which a document falls",
      at_least(1))
        .read_at = ReadAt::decision;
    v("mixture_by", mixture_by, "what the mixture's groups are", one_of(semantic::kMixtureGroups))
        .read_at = ReadAt::learning;
    v("mixture", mixture,
      "table of shares of the kept bytes by group, such as en = 0.6; what they leave of 1 is for "
      "all other groups; the group that is scarcest stays whole, of the others documents are "
      "drawn by seed and id; empty: no sampling")
        .read_at = ReadAt::learning;
  }
};

double quality_of(const Document& document) {
  return quality_score(document).value_or(semantic::kNoQuality);
}

class SemanticLayer final : public Layer {
 public:
  SemanticLayer(SemanticSettings settings, const LayerContext& context,
                text::ContaminationIndex index, semantic::Mixture mixture)
      : settings_(std::move(settings)),
        seed_(context.seed),
        threads_(context.threads),
        index_(std::move(index)),
        mixture_(std::move(mixture)),
        groups_(mixture_.groups()) {}

  CorpusPlan learn() const override {
    return [this](const CorpusFit& fit) {
      return semantic::fit_meanings(fit, meaning_settings(), describer(), threads_);
    };
  }

  void measure(Document& document) const override {
    const text::Contamination contamination = index_.find(document.text);
    Json annotation = Json::object();
    if (contamination.short_runs + contamination.long_runs > 0) {
      annotation["evaluation"] = index_.sets()[contamination.set];
      annotation["short_runs"] = static_cast<std::int64_t>(contamination.short_runs);
      annotation["long_runs"] = static_cast<std::int64_t>(contamination.long_runs);
    }
    document.annotations["semantic"] = std::move(annotation);
  }

  Verdict decide(Document& document) const override {
    Json& annotation = document.annotations["semantic"];
    const std::int64_t runs = contaminated_runs(annotation);
    const Json& finding = document.finding;
    if (const Json* cluster = finding.find("cluster")) annotation["cluster"] = *cluster;
    if (runs > 0) return {false, "contaminated", static_cast<double>(runs)};
    if (const Json* kept = finding.find("kept")) {
      annotation["kept"] = *kept;
      return {false, "semantic_duplicate", finding.number_or("similarity", 0)};
    }
    const double poor = finding.number_or("cluster_quality", semantic::kNoQuality);
    if (poor >= 0) return {false, "low_quality_cluster", poor};
    return sample(document, annotation);
  }

 private:
  /// Runs of words that stand in evaluation sets, where they are as many as make a document fall;
  /// else 0.
  std::int64_t contaminated_runs(const Json& notes) const {
    const std::int64_t short_runs = notes.integer_or("short_runs", 0);
    const std::int64_t long_runs = notes.integer_or("long_runs", 0);
    const bool falls = short_runs >= settings_.short_runs || long_runs >= settings_.long_runs;
    return falls ? short_runs + long_runs : 0;
  }

  /// Draws the document by its group's rate. A group that the fit did not see stays.
  Verdict sample(const Document& document, Json& annotation) const {
    const Json* rate = document.finding.find("keep_rate");
    if (rate == nullptr || !rate->is_number()) return {};
    annotation["keep_rate"] = *rate;
    if (semantic::is_sampled(document.id, seed_, rate->as_number())) return {};
    return {false, "mixture", rate->as_number()};
  }

  semantic::MeaningSettings meaning_settings() const {
    return {static_cast<std::size_t>(settings_.clusters),
            static_cast<std::size_t>(settings_.rounds),
            settings_.min_cluster_quality,
            settings_.min_cluster_documents,
            seed_,
            mixture_};
  }

  semantic::DescribeDocument describer() const {
    return [this](const Document& document) { return describe(document); };
  }

  semantic::Described describe(const Document& document) const {
    semantic::Described described;
    described.terms = text::split_terms(document.text);
    described.weights = semantic::weigh_terms(described.terms);
    described.min_similarity = min_similarity_of(document, described.weights.size());
    described.quality = quality_of(document);
    described.is_settled = document.is_settled;
    if (!mixture_.is_set()) return described;
    const auto group = std::ranges::find(groups_, mixture_.group_of(document));
    described.group = static_cast<std::uint32_t>(group - groups_.begin());
    const Json* notes = document.annotations.find("semantic");
    const bool falls = notes != nullptr && contaminated_runs(*notes) > 0;
    described.mix_bytes = falls ? 0 : document.text.size();
    return described;
  }

  double min_similarity_of(const Document& document, std::size_t different_terms) const {
    constexpr double kNever = 2;
    if (different_terms < static_cast<std::size_t>(settings_.min_terms)) return kNever;
    return text::is_cjk_language(document.language) ? settings_.min_similarity_cjk
                                                    : settings_.min_similarity;
  }

  SemanticSettings settings_;
  std::uint64_t seed_;
  Threads& threads_;
  text::ContaminationIndex index_;
  semantic::Mixture mixture_;
  std::vector<std::string> groups_;  // of the mixture
};

Result<std::unique_ptr<Layer>> make_semantic(const Json& settings, const LayerContext& context) {
  SemanticSettings read;
  ALUDEL_TRY(read_config(settings, read, "layers.semantic"));
  auto index = ALUDEL_TRY(text::ContaminationIndex::build(context.files, read.evaluation));
  auto mixture = ALUDEL_TRY(semantic::Mixture::create(read.mixture_by, read.mixture));
  return std::unique_ptr<Layer>(std::make_unique<SemanticLayer>(
      std::move(read), context, std::move(index), std::move(mixture)));
}

}  // namespace

extern constinit const LayerSpec layer_semantic = {
    .name = "semantic",
    .summary = "Drops near-copies in meaning, poor clusters, evaluation items; sets the mixture.",
    .source = "SemDeDup, arXiv:2303.09540; Yi, arXiv:2403.04652 2.1; GPT-3, arXiv:2005.14165 C",
    .show_settings = default_settings<SemanticSettings>,
    .make = make_semantic,
    .learns = Learns::findings,
    .grounds = Grounds::elsewhere,
};

}  // namespace aludel::curate
