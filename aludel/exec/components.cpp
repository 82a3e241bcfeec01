#include "aludel/exec/components.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/exec/record_bytes.h"

namespace aludel::exec {
namespace {

struct Edge {
  std::uint64_t from;
  std::uint64_t to;
  bool operator==(const Edge&) const = default;
};

/// Reader of sorted edges that returns each edge once.
class DistinctEdges {
 public:
  explicit DistinctEdges(SortedRecords& records) : records_(records) {}

  Result<bool> next(Edge& edge) {
    std::string_view bytes;
    while (ALUDEL_TRY(records_.next(bytes))) {
      RecordParser record(bytes);
      const std::uint64_t from = record.number();
      edge = {from, record.number()};
      if (last_ == edge) continue;
      last_ = edge;
      return true;
    }
    return false;
  }

 private:
  SortedRecords& records_;
  std::optional<Edge> last_;
};

class EdgeWriter {
 public:
  EdgeWriter(StageTask& task, std::size_t partitions) : task_(task), partitions_(partitions) {}

  Status write(std::uint64_t from, std::uint64_t to) {
    return task_.write(0, partition_of_node(from, partitions_),
                       record_.clear().number(from).number(to).bytes());
  }

 private:
  StageTask& task_;
  std::size_t partitions_;
  RecordBuilder record_;
};

/// Links a node's larger neighbours to the least of the node and its neighbours. Reads each edge in
/// both directions and writes it as (larger, least). Returns how many edges moved.
Result<std::uint64_t> large_star(SortedRecords& records, EdgeWriter& out) {
  DistinctEdges edges(records);
  std::uint64_t moved = 0;
  std::optional<std::uint64_t> node;
  std::uint64_t least = 0;
  Edge edge{};
  while (ALUDEL_TRY(edges.next(edge))) {
    if (node != edge.from) {
      node = edge.from;
      least = std::min(edge.from, edge.to);  // neighbours come in order
    }
    if (edge.to < edge.from) continue;
    ALUDEL_TRY(out.write(edge.to, least));
    if (least != edge.from) ++moved;
  }
  return moved;
}

/// Links a node and its smaller neighbours to the least of them. Reads each edge as (larger,
/// smaller) and writes it in both directions. Returns how many edges moved.
Result<std::uint64_t> small_star(SortedRecords& records, EdgeWriter& out) {
  DistinctEdges edges(records);
  std::uint64_t moved = 0;
  std::optional<std::uint64_t> node;
  std::uint64_t least = 0;
  Edge edge{};
  while (ALUDEL_TRY(edges.next(edge))) {
    const bool is_least = node != edge.from;
    if (is_least) {
      node = edge.from;
      least = edge.to;
    } else {
      ++moved;
    }
    const std::uint64_t hung = is_least ? edge.from : edge.to;
    ALUDEL_TRY(out.write(hung, least));
    ALUDEL_TRY(out.write(least, hung));
  }
  return moved;
}

using Star = Result<std::uint64_t> (*)(SortedRecords&, EdgeWriter&);

struct StarInput {
  const StageOutput& edges;
  const std::string& fingerprint;
};

Result<StageResult> run_star(const Shuffle& shuffle, const std::string& name,
                             const StarInput& input, Star star) {
  const RecordLayout& layout = input.edges.layout;
  Stage stage{.name = name,
              .tasks = layout.partitions,
              .inputs = input.fingerprint,
              .outputs = {layout},
              .work = {}};
  stage.work = [&](StageTask& task) -> Status {
    const auto records = ALUDEL_TRY(shuffle.sorted(input.edges, task.number, name));
    EdgeWriter out(task, layout.partitions);
    task.counts["moved"] = ALUDEL_TRY(star(*records, out));
    return Ok{};
  };
  return shuffle.run(stage);
}

bool has_moved(const StageResult& result) {
  return std::ranges::any_of(result.counts,
                             [](const Json& counts) { return counts.integer_or("moved", 0) > 0; });
}

}  // namespace

std::size_t partition_of_node(std::uint64_t node, std::size_t partitions) {
  return partition_of(mix64(node + 0x9E3779B97F4A7C15U), partitions);
}

Result<StageResult> connect(const Shuffle& shuffle, const StageOutput& edges,
                            const std::string& fingerprint) {
  StageResult stars{.outputs = {edges}, .counts = {}, .fingerprint = fingerprint};
  for (int round = 0;; ++round) {
    const StageResult large =
        ALUDEL_TRY(run_star(shuffle, fmt::format("large_star_{}", round),
                            {stars.outputs[0], stars.fingerprint}, large_star));
    stars = ALUDEL_TRY(run_star(shuffle, fmt::format("small_star_{}", round),
                                {large.outputs[0], large.fingerprint}, small_star));
    if (!has_moved(large) && !has_moved(stars)) break;
  }
  // Now all are stars: the centre has only larger neighbours, any other node only the centre.
  return run_star(shuffle, "components", {stars.outputs[0], stars.fingerprint},
                  [](SortedRecords& records, EdgeWriter& out) -> Result<std::uint64_t> {
                    DistinctEdges star_edges(records);
                    std::optional<std::uint64_t> node;
                    Edge edge{};
                    while (ALUDEL_TRY(star_edges.next(edge))) {
                      if (node == edge.from) continue;
                      node = edge.from;
                      ALUDEL_TRY(out.write(edge.from, std::min(edge.from, edge.to)));
                    }
                    return std::uint64_t{0};
                  });
}

}  // namespace aludel::exec
