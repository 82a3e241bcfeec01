#pragma once

#include <span>

#include "aludel/curate/run/segment.h"

// The fit of one layer of a run: what it learns of the corpus before it judges.
namespace aludel::curate {

/// Fits `layer`, the segment's first, on all documents of the shards: those that the segment before
/// left, or for the first segment the sources' own. A layer with a plan runs it, as tasks over
/// partitioned files in work/LAYER; any other is shown the documents, shards in parallel, merged in
/// their order. Leaves the state in state/LAYER. `inputs` is the fingerprint of all that the state
/// depends on.
Result<exec::TaskResult> run_fit(const SegmentContext& context, const exec::Workplace& workplace,
                                 const Segment& segment, std::span<const Shard> shards,
                                 const std::string& inputs);

}  // namespace aludel::curate
