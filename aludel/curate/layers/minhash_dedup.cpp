#include <limits>
#include <unordered_map>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/curate/layer.h"
#include "aludel/curate/layers/minhash_dedup/clusters.h"
#include "aludel/curate/layers/minhash_dedup/signature.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

struct MinhashSettings {
  std::int64_t words = 5;
  std::int64_t bands = 14;
  std::int64_t rows = 8;
  double min_similarity = 0.6;

  template <class V>
  void visit(V& v) {
    v("words", words, "words (or code points of Chinese, Japanese, Korean) in a shingle");
    v("bands", bands, "bands of a signature; one equal band makes a near-duplicate");
    v("rows", rows, "hashes in a band: P(found) = 1 - (1 - similarity^rows)^bands");
    v("min_similarity", min_similarity,
      "least Jaccard index, estimated from the signatures, of a document with the one that stays "
      "instead; 0: an equal band is enough, as FineWeb has it");
  }
};

double quality_of(const Document& document) {
  if (document.is_settled) return std::numeric_limits<double>::infinity();
  const Json* quality = document.annotations.find("quality");
  return quality == nullptr ? 0 : quality->number_or("score", 0);
}

std::string state_path(const std::string& folder) {
  return io::join_path(folder, "clusters.jsonl");
}

class MinhashFit final : public Fit {
 public:
  MinhashFit(const MinhashSettings& settings, const minhash_dedup::SignatureHashes& hashes,
             Threads& threads)
      : settings_(settings),
        hashes_(hashes),
        threads_(threads),
        table_(static_cast<std::size_t>(settings.rows)) {}

  void observe(const Document& document) override {
    const auto shingles =
        minhash_dedup::shingles(document.text, static_cast<std::size_t>(settings_.words));
    if (shingles.empty()) return;
    table_.add(document.id, quality_of(document), hashes_.signature(shingles));
  }

  void merge(Fit& later) override { table_.merge(static_cast<MinhashFit&>(later).table_); }

  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    auto writer = ALUDEL_TRY(io::JsonlWriter::create(files, state_path(state_folder)));
    for (const auto& member : table_.clusters(settings_.min_similarity, threads_)) {
      Json row = Json::object();
      row["id"] = member.id;
      row["cluster"] = member.cluster;
      row["kept"] = member.kept;
      row["similarity"] = member.similarity;
      ALUDEL_TRY(writer.write(row));
    }
    return writer.commit();
  }

 private:
  MinhashSettings settings_;
  const minhash_dedup::SignatureHashes& hashes_;
  Threads& threads_;
  minhash_dedup::SignatureTable table_;
};

class MinhashLayer final : public Layer {
 public:
  MinhashLayer(const MinhashSettings& settings, const LayerContext& context)
      : settings_(settings),
        threads_(context.threads),
        hashes_(static_cast<std::size_t>(settings.bands * settings.rows), context.seed) {}

  std::unique_ptr<Fit> start_fit() const override {
    return std::make_unique<MinhashFit>(settings_, hashes_, threads_);
  }

  Status load_state(io::FileSystem& files, const std::string& state_folder) override {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, state_path(state_folder)));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      members_[row.string_or("id", "")] = {row.string_or("cluster", ""), row.string_or("kept", ""),
                                           row.number_or("similarity", 0)};
    }
    return Ok{};
  }

  // Every document names its cluster, one alone in it too: data is split by it.
  Verdict judge(Document& document) const override {
    const auto found = members_.find(document.id);
    Json& annotation = document.annotations["minhash_dedup"];
    annotation["cluster"] = found == members_.end() ? document.id : found->second.cluster;
    if (found == members_.end() || found->second.kept == document.id) return {};
    annotation["kept"] = found->second.kept;
    return {false, "near_duplicate", found->second.similarity};
  }

 private:
  struct ClusterMember {
    std::string cluster;
    std::string kept;
    double similarity;
  };

  MinhashSettings settings_;
  Threads& threads_;
  minhash_dedup::SignatureHashes hashes_;
  std::unordered_map<std::string, ClusterMember> members_;
};

}  // namespace

extern constinit const LayerSpec layer_minhash_dedup = {
    .name = "minhash_dedup",
    .summary = "Keeps the best of several near-duplicates, found by MinHash bands.",
    .source = "Broder 1997; FineWeb, arXiv:2406.17557 (14 bands of 8, words 5)",
    .kind = LayerKind::fitted,
    .show_settings = default_settings<MinhashSettings>,
    .make = [](const Json& settings,
               const LayerContext& context) -> Result<std::unique_ptr<Layer>> {
      MinhashSettings read;
      ALUDEL_TRY(read_config(settings, read, "layer minhash_dedup"));
      if (read.words < 1 || read.bands < 1 || read.rows < 1 || read.bands * read.rows > 65'536) {
        return Error{Code::invalid_argument,
                     "[layer minhash_dedup] words, bands and rows must be at least 1, and bands x "
                     "rows at most 65536"};
      }
      return std::unique_ptr<Layer>(std::make_unique<MinhashLayer>(read, context));
    },
};

}  // namespace aludel::curate
