#include "aludel/exec/shuffle.h"

#include <atomic>
#include <map>

#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/exec/record_bytes.h"

namespace aludel::exec {
namespace {

/// Counts how often each number stands in some inputs: the word count of shuffles.
class CountingJob : public testing::Test {
 protected:
  using Counts = std::map<std::uint64_t, std::uint64_t>;

  static constexpr std::size_t kInputs = 5;

  static std::vector<std::uint64_t> input(std::size_t number) {
    std::vector<std::uint64_t> numbers(500);
    Rng rng(9, number);
    for (std::uint64_t& one : numbers) {
      one = rng.below(4) == 0 ? 7 : rng.below(100);  // 7 is hot
    }
    return numbers;
  }

  Stage map_stage(std::size_t partitions) {
    return {.name = "map",
            .tasks = kInputs,
            .inputs = "",
            .outputs = {{12, partitions}},
            .work = [this, partitions](StageTask& task) -> Status {
              ++runs_;
              RecordBuilder record;
              for (const std::uint64_t number : input(task.number)) {
                record.clear().number(number).small(static_cast<std::uint32_t>(task.number));
                ALUDEL_TRY(task.write(0, partition_of(mix64(number), partitions), record.bytes()));
              }
              return Ok{};
            }};
  }

  static Stage reduce_stage(const Shuffle& shuffle, const StageResult& mapped) {
    return {.name = "reduce",
            .tasks = mapped.outputs[0].layout.partitions,
            .inputs = mapped.fingerprint,
            .outputs = {{16, 1}},
            .work = [&](StageTask& task) -> Status {
              const auto records =
                  ALUDEL_TRY(shuffle.sorted(mapped.outputs[0], task.number, "reduce"));
              Counts counts;
              std::string_view record;
              while (ALUDEL_TRY(records->next(record))) {
                ++counts[RecordParser(record).number()];
              }
              RecordBuilder row;
              for (const auto& [number, count] : counts) {
                ALUDEL_TRY(task.write(0, 0, row.clear().number(number).number(count).bytes()));
              }
              task.counts["numbers"] = static_cast<std::int64_t>(counts.size());
              return Ok{};
            }};
  }

  Result<Counts> run(int workers, std::uint64_t memory_bytes, std::size_t partitions) {
    Threads threads(workers);
    const auto manifest = ALUDEL_TRY(Manifest::open(files_, folder_ / "manifest.jsonl"));
    const Shuffle shuffle({files_, threads, *manifest, folder_.path()}, "work/count", "config",
                          memory_bytes);
    const StageResult mapped = ALUDEL_TRY(shuffle.run(map_stage(partitions)));
    const StageResult reduced = ALUDEL_TRY(shuffle.run(reduce_stage(shuffle, mapped)));
    Counts counts;
    RecordReader reader = shuffle.read(reduced.outputs[0], 0);
    std::string_view record;
    while (ALUDEL_TRY(reader.next(record))) {
      RecordParser parser(record);
      const std::uint64_t number = parser.number();
      EXPECT_FALSE(counts.contains(number)) << "a number is in one partition";
      counts[number] = parser.number();
    }
    return counts;
  }

  static Counts expected() {
    Counts counts;
    for (std::size_t i = 0; i < kInputs; ++i) {
      for (const std::uint64_t number : input(i)) {
        ++counts[number];
      }
    }
    return counts;
  }

  TemporaryFolder folder_;
  io::LocalFileSystem files_;
  std::atomic<int> runs_ = 0;
};

TEST_F(CountingJob, CountsTheSameForAnyWorkersMemoryAndPartitions) {
  EXPECT_EQ(run(1, std::uint64_t{1} << 30, 1).value(), expected());
  EXPECT_EQ(run(2, 5000, 3).value(), expected());
  EXPECT_EQ(run(7, 5000, 17).value(), expected());
  EXPECT_EQ(runs_, 3 * static_cast<int>(kInputs)) << "another layout is another stage";
  EXPECT_EQ(run(2, 90000, 17).value(), expected());
  EXPECT_EQ(runs_, 3 * static_cast<int>(kInputs)) << "memory and workers are not";
}

TEST_F(CountingJob, GoesOnWhereFilesAreMissing) {
  ASSERT_TRUE(run(2, 1 << 20, 3));
  ASSERT_TRUE(files_.remove(folder_ / "work/count/map/00002-0"));
  ASSERT_TRUE(files_.remove(folder_ / "work/count/reduce"));
  EXPECT_EQ(run(2, 1 << 20, 3).value(), expected());
  EXPECT_EQ(runs_, static_cast<int>(kInputs) + 1);
}

TEST_F(CountingJob, TakesMorePartitionsForLessMemory) {
  Threads threads(2);
  const auto manifest = Manifest::open(files_, folder_ / "manifest.jsonl").value();
  const Workplace workplace{files_, threads, *manifest, folder_.path()};
  const Shuffle roomy(workplace, "w", "", std::uint64_t{16} << 30);
  const Shuffle tight(workplace, "w", "", std::uint64_t{1} << 20);
  EXPECT_EQ(roomy.partitions_for(0), 1U);
  EXPECT_EQ(roomy.partitions_for(std::uint64_t{1} << 30), 33U);
  EXPECT_EQ(tight.partitions_for(std::uint64_t{1} << 20), 17U);
  EXPECT_EQ(tight.partitions_for(std::uint64_t{1} << 40), 1024U);
}

}  // namespace
}  // namespace aludel::exec
