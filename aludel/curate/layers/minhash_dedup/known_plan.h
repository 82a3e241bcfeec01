#pragma once

// Stages that find near-duplicates of an earlier corpus.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/curate/layers/minhash_dedup/clusters_plan.h"

namespace aludel::curate::minhash_dedup {

/// A document that is like one of an earlier corpus.
struct KnownDocument {
  std::uint32_t document;  // number in its shard
  Hash128 id;
  Hash128 kept;         // the most similar document of the earlier corpora
  std::uint32_t index;  // number of the index that holds `kept`
  double similarity;
};

/// A band of a document in either corpus, as the stage `known` sorts it.
struct KnownBand {
  std::uint32_t index;  // kNewDocument for a document of the new corpus
  Hash128 id;
  std::uint64_t place;  // for a new document
};

inline constexpr std::uint32_t kNewDocument = UINT32_MAX;  // sorts behind those of every index

/// Returns the layout of such bands, which are partitioned by key.
exec::RecordLayout known_layout(const CorpusFit& fit, const ClusterSettings& settings);

/// Writes the bands of a document, without scopes, because an earlier corpus is another dump.
Status write_known_bands(exec::StageTask& task, std::size_t output,
                         const exec::RecordLayout& layout, const KnownBand& band,
                         const ClusterSettings& settings, std::span<const std::uint32_t> signature);

/// Finds the known documents by the new corpus's `bands`. Output: known documents, by shard.
Result<exec::StageResult> find_known(const CorpusFit& fit, const ClusterSettings& settings,
                                     const exec::StageOutput& bands,
                                     const std::string& fingerprint);

/// Reads the known documents of a shard in order, each once, with the document that it is most
/// like. Returns none if `known` is null.
Result<std::vector<KnownDocument>> read_known(const CorpusFit& fit, const exec::StageResult* known,
                                              std::size_t shard, std::string_view stage);

}  // namespace aludel::curate::minhash_dedup
