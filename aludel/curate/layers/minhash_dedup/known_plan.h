#pragma once

// Which documents of a corpus are near-duplicates of an earlier one, as stages.

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
  Hash128 kept;         // the document of the earlier corpus that it is most like
  std::uint32_t index;  // which index names that one
  double similarity;
};

/// A band in both corpora, as the stage `known` sorts it.
struct KnownBand {
  std::uint32_t index;  // kNewDocument for a document of the new corpus
  Hash128 id;
  std::uint64_t place;  // of a new document
};

inline constexpr std::uint32_t kNewDocument = UINT32_MAX;  // sorts behind those of every index

/// How such bands are parted: by key, for new and indexed documents together.
exec::RecordLayout known_layout(const CorpusFit& fit, const ClusterSettings& settings);

/// Writes the bands of a document. Scopes do not count: an earlier corpus is another dump.
Status write_known_bands(exec::StageTask& task, std::size_t output,
                         const exec::RecordLayout& layout, const KnownBand& band,
                         const ClusterSettings& settings, std::span<const std::uint32_t> signature);

/// Output: known documents, by shard. `bands` has those of the new corpus.
Result<exec::StageResult> find_known(const CorpusFit& fit, const ClusterSettings& settings,
                                     const exec::StageOutput& bands,
                                     const std::string& fingerprint);

/// The known documents of a shard in order, each once, with what it is most like; none where
/// `known` is null.
Result<std::vector<KnownDocument>> read_known(const CorpusFit& fit, const exec::StageResult* known,
                                              std::size_t shard, std::string_view stage);

}  // namespace aludel::curate::minhash_dedup
