#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/curate/cascade/config.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/run/document_progress.h"
#include "aludel/curate/run/forgotten.h"
#include "aludel/curate/run/layer_pass.h"
#include "aludel/curate/run/pick.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/exec/tasks.h"

// The tasks of a run that send a shard through one segment of the cascade.
namespace aludel::curate {

/// Layers that documents stream through without a barrier: only the first may wait for the corpus.
struct Segment {
  std::size_t number = 0;
  std::span<const ActiveLayer> layers;
  const ActiveLayer* next = nullptr;  // the first of the next segment; null for the last one

  bool is_last() const { return next == nullptr; }
};

/// What layers took, over all tasks of this start. Concurrent calls: yes.
class RunTimes {
 public:
  void add(const LayerTimes& times);

  /// A layer's plan is done and has left so many bytes of shuffled records, which are removed now.
  void add_shuffle(std::uint64_t bytes);

  /// {"seconds": {LAYER: s}, "bytes": {LAYER: n}, "shuffle_bytes": n}, the last of the layer whose
  /// plan left most.
  Json to_json() const;

 private:
  mutable std::mutex mutex_;
  LayerTimes times_;
  std::uint64_t shuffle_bytes_ = 0;
};

/// Where tasks find what they need; outlives them.
struct SegmentContext {
  io::FileSystem& files;
  const CurateConfig& config;
  DocumentProgress& progress;
  RunTimes& times;
  const GroupWords& terms;
  const Forgotten& forgotten;  // documents that are dropped when read
  const Sample& sample;        // of the documents of the sources, those that are taken
  std::span<const RecoverRule> recover = {};
  RunKind from_kind = RunKind::annotated;  // of the run `from` of the config
};

/// Where a segment leaves the documents of a shard that it keeps.
std::string output_path(const CurateConfig& config, const Segment& segment, std::size_t shard);

/// Sends one shard through a segment: the first reads the source (or the finished run `from` of the
/// config), a later one what the segment before left. Leaves the kept documents, the rejects where
/// there are any, and notes for the report; counts are {"documents": kept, "ledger": Counts}.
Result<exec::TaskResult> run_segment(const SegmentContext& context, const Segment& segment,
                                     const Shard& shard, std::size_t shard_number);

}  // namespace aludel::curate
