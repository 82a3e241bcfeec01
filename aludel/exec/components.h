#pragma once

#include "aludel/exec/shuffle.h"

namespace aludel::exec {

/// Size of the record of an edge, or of a node and its component: two node numbers.
inline constexpr std::size_t kEdgeBytes = 16;

/// Returns the partition that holds the records of a node.
std::size_t partition_of_node(std::uint64_t node, std::size_t partitions);

/// Finds the connected components of a graph that is too large for one process. `edges` has each
/// edge in both directions, (a, b) and (b, a), partitioned by the first node; an edge may occur
/// more than once. The output has one record (node, least node of its component) for every node
/// with an edge, partitioned by node. Runs rounds of two stages until nothing changes. A node with
/// many edges costs time for each, but no memory. Source: Kiveris et al. 2014, Connected Components
/// in MapReduce and Beyond (large-star and small-star).
Result<StageResult> connect(const Shuffle& shuffle, const StageOutput& edges,
                            const std::string& fingerprint);

}  // namespace aludel::exec
