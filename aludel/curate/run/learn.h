#pragma once

#include <span>

#include "aludel/curate/run/segment.h"

// Learns of the corpus for one layer of a run, before that layer decides.
namespace aludel::curate {

/// Runs the plan of the segment's first layer over all documents of the shards: those that the
/// segment before left; for the first segment, those of the sources. The plan's tasks work on
/// partitioned files in work/LAYER. Leaves the state in state/LAYER. If the layer takes over the
/// state of a finished run, copies it instead. `inputs` is the fingerprint of all that the state
/// depends on.
Result<exec::TaskResult> learn(const SegmentContext& context, const exec::Workplace& workplace,
                               const Segment& segment, std::span<const Shard> shards,
                               const std::string& inputs);

}  // namespace aludel::curate
