#pragma once

#include "aludel/exec/shuffle.h"

namespace aludel::exec {

/// A record of an edge or of a node's component: two nodes.
inline constexpr std::size_t kEdgeBytes = 16;

/// Where the records of a node go: partition_of_node(node, layout.partitions).
std::size_t partition_of_node(std::uint64_t node, std::size_t partitions);

/// Connected components of a graph that no process holds. `edges` has each edge in both directions,
/// (a, b) and (b, a), by the first node; an edge may be there more than once. The output has (node,
/// least node of its component), by node, for every node with an edge, and the least one itself
/// once or more. Rounds of two stages until nothing changes; a node with very many edges costs
/// their number, and no memory. Source: Kiveris et al. 2014, Connected Components in MapReduce and
/// Beyond (large-star and small-star).
Result<StageResult> connect(const Shuffle& shuffle, const StageOutput& edges,
                            const std::string& fingerprint);

}  // namespace aludel::exec
