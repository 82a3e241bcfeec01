#pragma once

#include <span>

#include "aludel/curate/run/segment.h"

// What one layer of a run learns of the corpus before it decides.
namespace aludel::curate {

/// Runs the plan of the segment's first layer over all documents of the shards: those that the
/// segment before left, or for the first segment the sources' own; its tasks work on partitioned
/// files in work/LAYER. Leaves the state in state/LAYER; that of a run that is read again is copied
/// instead, where the layer takes it over. `inputs` is the fingerprint of all that the state
/// depends on.
Result<exec::TaskResult> learn(const SegmentContext& context, const exec::Workplace& workplace,
                               const Segment& segment, std::span<const Shard> shards,
                               const std::string& inputs);

}  // namespace aludel::curate
