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
#include "aludel/curate/run/redecide_plan.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/exec/tasks.h"

// The tasks of a run, each of which sends one shard through one segment of the cascade.
namespace aludel::curate {

/// Layers that documents pass without a barrier. Only the first of them may wait for the corpus.
struct Segment {
  std::size_t number = 0;
  std::span<const ActiveLayer> layers;
  const ActiveLayer* next = nullptr;  // the first of the next segment; null for the last one

  bool is_last() const { return next == nullptr; }
};

/// The time that layers took, over all tasks since this start of the program. Concurrent calls:
/// yes.
class RunTimes {
 public:
  void add(const LayerTimes& times);

  /// Notes the bytes of shuffled records that the finished plan of a layer has left. They are
  /// removed then.
  void add_shuffle(std::uint64_t bytes);

  /// Returns {"seconds": {LAYER: s}, "bytes": {LAYER: n}, "shuffle_bytes": n}. The last is of the
  /// plan that left most.
  Json to_json() const;

 private:
  mutable std::mutex mutex_;
  LayerTimes times_;
  std::uint64_t shuffle_bytes_ = 0;
};

/// What the tasks of a segment use. It must outlive them.
struct SegmentContext {
  io::FileSystem& files;
  const CurateConfig& config;
  DocumentProgress& progress;
  RunTimes& times;
  const GroupWords& terms;
  const Forgotten& forgotten;  // documents that are dropped when they are read
  const Sample& sample;        // the documents of the sources that the run takes
  std::span<const RecoverRule> recover = {};
  RunKind from_kind = RunKind::annotated;    // the kind of the run that config.from names
  std::span<const PlannedLayer> plan = {};   // of reading that run
  std::span<const ActiveLayer> layers = {};  // of all segments
};

/// Returns the path of the file in which a segment leaves the documents of a shard that it keeps.
std::string output_path(const CurateConfig& config, const Segment& segment, std::size_t shard);

/// Sends one shard through a segment. The first segment reads the source, or the finished run that
/// config.from names; a later one reads what the segment before left. Writes the kept documents,
/// the rejects if there are any, and notes for the report. The counts are {"documents": kept,
/// "ledger": Counts}, and "text_bytes" by file if the output is packed.
Result<exec::TaskResult> run_segment(const SegmentContext& context, const Segment& segment,
                                     const Shard& shard, std::size_t shard_number);

}  // namespace aludel::curate
