
#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/layers/minhash_dedup/clusters_plan.h"
#include "aludel/curate/layers/minhash_dedup/keepers.h"
#include "aludel/curate/layers/minhash_dedup/signature.h"
#include "aludel/curate/layers/shared/scope.h"

namespace aludel::curate {
namespace {

struct MinhashSettings {
  std::string scope = "dump";
  std::int64_t words = 5;
  std::int64_t bands = 14;
  std::int64_t rows = 8;
  double min_similarity = 0.6;
  std::vector<std::string> against;

  template <class V>
  void visit(V& v) {
    v("scope", scope, "which documents are compared: of one dump, of one source, or all",
      one_of(kScopes))
        .read_at = ReadAt::learning;
    v("words", words, "words (or code points of Chinese, Japanese, Korean) in a shingle",
      minhash_dedup::kSignatureSizes)
        .read_at = ReadAt::learning;
    v("bands", bands, "bands of a signature; one equal band makes a near-duplicate",
      minhash_dedup::kSignatureSizes)
        .read_at = ReadAt::learning;
    v("rows", rows,
      "hashes in a band: P(found) = 1 - (1 - similarity^rows)^bands; bands x rows at most 65536",
      minhash_dedup::kSignatureSizes)
        .read_at = ReadAt::learning;
    v("min_similarity", min_similarity,
      "least Jaccard index, estimated from the signatures, of a document with the one that stays "
      "instead; 0: an equal band is enough, as FineWeb has it",
      kShare)
        .read_at = ReadAt::learning;
    v("against", against,
      "indexes of earlier corpora (aludel dedup build): what is like a document of one falls")
        .read_at = ReadAt::learning;
  }
};

double quality_of(const Document& document) {
  if (document.is_settled) return minhash_dedup::kSettled;
  return quality_score(document).value_or(0);
}

class MinhashLayer final : public Layer {
 public:
  MinhashLayer(MinhashSettings settings, Scope scope,
               std::vector<minhash_dedup::SignatureIndex> against, const LayerContext& context)
      : settings_(std::move(settings)),
        scope_(scope),
        hashes_(static_cast<std::size_t>(settings_.bands * settings_.rows), context.seed),
        against_(std::move(against)) {}

  CorpusPlan learn() const override {
    return [this](const CorpusFit& fit) {
      return minhash_dedup::fit_clusters(fit, cluster_settings(), signer());
    };
  }

  /// Names the cluster of a document that is alone in it, too, since `tokenize` splits training and
  /// held-out data by it. Of any other it notes which document stays, were it the document itself.
  Verdict decide(Document& document) const override {
    const Json& finding = document.finding;
    document.cluster = finding.string_or("cluster", document.id);
    if (finding.is_null()) return {};
    Json& annotation = document.annotations["minhash_dedup"];
    const std::string kept = finding.string_or("kept", document.id);
    annotation["kept"] = kept;
    const Json* index = finding.find("against");
    // A file of one name in both corpora gives a document of each the same id.
    if (kept == document.id && index == nullptr) return {};
    if (index != nullptr) annotation["against"] = *index;
    return {false, "near_duplicate", finding.number_or("similarity", 0)};
  }

 private:
  minhash_dedup::ClusterSettings cluster_settings() const {
    return {static_cast<std::size_t>(settings_.bands), static_cast<std::size_t>(settings_.rows),
            settings_.min_similarity, against_};
  }

  minhash_dedup::SignDocument signer() const {
    return [this](const Document& document) { return sign(document); };
  }

  minhash_dedup::Signed sign(const Document& document) const {
    const auto shingles =
        minhash_dedup::shingles(document.text, static_cast<std::size_t>(settings_.words));
    if (shingles.empty()) return {};
    return {quality_of(document), scope_key(scope_, document), hashes_.signature(shingles)};
  }

  MinhashSettings settings_;
  Scope scope_;
  minhash_dedup::SignatureHashes hashes_;
  std::vector<minhash_dedup::SignatureIndex> against_;
};

/// Errors: invalid_argument for an index whose signatures were made otherwise.
Result<std::vector<minhash_dedup::SignatureIndex>> open_indexes(const MinhashSettings& settings,
                                                                const LayerContext& context) {
  const minhash_dedup::SignatureSettings own{settings.words, settings.bands * settings.rows,
                                             static_cast<std::int64_t>(context.seed)};
  std::vector<minhash_dedup::SignatureIndex> indexes;
  for (const std::string& path : settings.against) {
    indexes.push_back(ALUDEL_TRY(minhash_dedup::SignatureIndex::open(context.files, path)));
    const minhash_dedup::SignatureSettings& made = indexes.back().settings();
    if (made == own) continue;
    return Error{
        Code::invalid_argument,
        fmt::format("[layers.minhash_dedup] {} was made with words {}, bands x rows {}, "
                    "seed {}; the layer has words {}, bands x rows {}, seed {}: build "
                    "it again with these, or change the layer's",
                    path, made.words, made.hashes, made.seed, own.words, own.hashes, own.seed)};
  }
  return indexes;
}

}  // namespace

extern constinit const LayerSpec layer_minhash_dedup = {
    .name = "minhash_dedup",
    .summary = "Keeps the best of several near-duplicates, found by MinHash bands.",
    .source = "Broder 1997; FineWeb, arXiv:2406.17557 (14 bands of 8, words 5)",
    .show_settings = default_settings<MinhashSettings>,
    .make = [](const Json& settings,
               const LayerContext& context) -> Result<std::unique_ptr<Layer>> {
      MinhashSettings read;
      ALUDEL_TRY(read_config(settings, read, "layers.minhash_dedup"));
      ALUDEL_TRY(minhash_dedup::check_hashes(read.bands, read.rows, "layers.minhash_dedup"));
      const Scope scope = scope_named(read.scope);
      auto against = ALUDEL_TRY(open_indexes(read, context));
      return std::unique_ptr<Layer>(
          std::make_unique<MinhashLayer>(std::move(read), scope, std::move(against), context));
    },
    .learns = Learns::findings,
    .learns_by_seed = true,
    .grounds = Grounds::elsewhere,
};

}  // namespace aludel::curate
