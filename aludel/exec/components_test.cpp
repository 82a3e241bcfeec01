#include "aludel/exec/components.h"

#include <map>
#include <numeric>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/exec/record_bytes.h"

namespace aludel::exec {
namespace {

using Edges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
using Labels = std::map<std::uint64_t, std::uint64_t>;

class Components : public testing::Test {
 protected:
  static Labels by_union_find(const Edges& edges) {
    Labels parent;
    const auto find = [&](std::uint64_t node) {
      parent.try_emplace(node, node);
      while (parent[node] != node) {
        node = parent[node] = parent[parent[node]];
      }
      return node;
    };
    for (const auto& [a, b] : edges) {
      const auto [low, high] = std::minmax({find(a), find(b)});
      parent[high] = low;
    }
    for (auto& [node, label] : parent) {
      label = find(node);
    }
    return parent;
  }

  /// By stages, with the edges in two files; each call in a folder of its own.
  Labels by_stages(const Edges& edges, int workers, std::size_t partitions) {
    const TemporaryFolder folder;
    io::LocalFileSystem files;
    Threads threads(workers);
    const auto manifest = Manifest::open(files, folder / "manifest.jsonl").value();
    const Shuffle shuffle({files, threads, *manifest, folder.path()}, "work", "", 20'000);
    Stage stage{.name = "edges",
                .tasks = 2,
                .inputs = "",
                .outputs = {{kEdgeBytes, partitions}},
                .work = [&](StageTask& task) -> Status {
                  RecordBuilder record;
                  for (std::size_t i = task.number; i < edges.size(); i += 2) {
                    const auto& [a, b] = edges[i];
                    record.clear().number(a).number(b);
                    ALUDEL_TRY(task.write(0, partition_of_node(a, partitions), record.bytes()));
                    record.clear().number(b).number(a);
                    ALUDEL_TRY(task.write(0, partition_of_node(b, partitions), record.bytes()));
                  }
                  return Ok{};
                }};
    const StageResult written = shuffle.run(stage).value();
    const auto connected = connect(shuffle, written.outputs[0], written.fingerprint);
    EXPECT_TRUE(connected);
    Labels labels;
    for (std::size_t partition = 0; partition < partitions; ++partition) {
      RecordReader reader = shuffle.read(connected.value().outputs[0], partition);
      std::string_view bytes;
      while (reader.next(bytes).value()) {
        RecordParser record(bytes);
        const std::uint64_t node = record.number();
        labels[node] = record.number();
      }
    }
    return labels;
  }
};

TEST_F(Components, AreThoseOfUnionFind) {
  Edges edges;
  Rng rng(3, 0);
  for (int i = 0; i < 300; ++i) {
    edges.emplace_back(rng.below(500), rng.below(500) + 500 * rng.below(2));
  }
  std::erase_if(edges, [](const auto& edge) { return edge.first == edge.second; });
  EXPECT_EQ(by_stages(edges, 2, 4), by_union_find(edges));
}

TEST_F(Components, OfALongChainAndAHugeStarAreFound) {
  Edges chain;
  for (std::uint64_t i = 0; i < 400; ++i) {
    chain.emplace_back(mix64(i) % 1000 * 1000 + i, mix64(i + 1) % 1000 * 1000 + i + 1);
  }
  EXPECT_EQ(by_stages(chain, 1, 1), by_union_find(chain));
  Edges star;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    star.emplace_back(1500, i == 1500 ? 3000 : i);
    star.emplace_back(1500, i == 1500 ? 3000 : i);
  }
  EXPECT_EQ(by_stages(star, 7, 3), by_union_find(star));
}

TEST_F(Components, OfNoEdgesAreNone) {
  EXPECT_TRUE(by_stages({}, 1, 2).empty());
}

}  // namespace
}  // namespace aludel::exec
