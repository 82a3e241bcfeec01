#include "aludel/exec/record_sorter.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

#include "tests/memory_file_system.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"

namespace aludel::exec {
namespace {

constexpr RecordOrder kKept = {.record_bytes = 20, .key_bytes = 12};
constexpr RecordOrder kSummed = {.record_bytes = 20, .key_bytes = 12, .equal = EqualKeys::summed};

std::string counted(std::uint64_t key, std::uint64_t count) {
  std::string record = "0123" + std::string(16, '\0');
  for (std::size_t i = 0; i < 8; ++i) {
    record[11 - i] = static_cast<char>(key >> (8 * i));
  }
  std::memcpy(record.data() + 12, &count, sizeof count);
  return record;
}

std::string read_all(SortedRecords& records) {
  std::string all;
  std::string_view record;
  while (records.next(record).value()) {
    all += record;
  }
  return all;
}

/// What a sorter makes of records, one after the other; without threads if thread_count is 0.
std::string sorted(const std::vector<std::string>& records, RecordOrder order,
                   std::size_t memory_bytes, int thread_count) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  std::optional<Threads> threads;
  if (thread_count > 0) threads.emplace(thread_count);
  RecordSorter sorter({&files, folder / "runs", memory_bytes, threads ? &*threads : nullptr},
                      "test", order);
  for (const std::string& record : records) {
    EXPECT_TRUE(sorter.add(record));
  }
  const std::string all = read_all(*sorter.finish().value());
  const auto left = files.list(folder / "runs");
  EXPECT_TRUE(!left || left.value().empty()) << "runs are removed";
  return all;
}

TEST(RecordSorter, SortsTheSameInMemoryAndFromFiles) {
  Rng random(1, 2);
  std::vector<std::string> records;
  std::map<std::uint64_t, std::uint64_t> sums;
  for (int i = 0; i < 150000; ++i) {
    const std::uint64_t key = random.below(30000) * (1 + random.below(3));
    records.push_back(counted(key, key % 7 + 1));
    sums[key] += key % 7 + 1;
  }
  std::string expected;
  for (const auto& [key, sum] : sums) {
    expected += counted(key, sum);
  }
  EXPECT_EQ(sorted(records, kSummed, std::size_t{1} << 30, 1), expected);
  EXPECT_EQ(sorted(records, kSummed, std::size_t{1} << 30, 3), expected);
  EXPECT_EQ(sorted(records, kSummed, 100000, 2), expected);
  const std::string kept = sorted(records, kKept, std::size_t{1} << 30, 2);
  EXPECT_EQ(kept.size(), records.size() * kKept.record_bytes);
  EXPECT_EQ(sorted(records, kKept, 100000, 1), kept);
}

TEST(RecordSorter, OrdersByAllBytesWhereAllAreTheKey) {
  Rng random(3, 4);
  std::vector<std::string> records;
  for (int i = 0; i < 400; ++i) {
    // Eight bytes of 20 values, so that many records differ behind them alone, or not at all.
    records.push_back(counted(0, random.below(4)));
    records.back()[7] = static_cast<char>(random.below(20) * 13);
  }
  auto in_order = records;
  std::ranges::sort(in_order);
  std::string expected;
  for (const std::string& record : in_order) {
    expected += record;
  }
  for (const std::size_t memory_bytes : {1U, 200U, 3000U, 1U << 20}) {
    EXPECT_EQ(sorted(records, {20, 20}, memory_bytes, 0), expected) << memory_bytes;
  }
}

TEST(RecordSorter, LosesNothingWhereAFileIsThereOnlyWhenCommitted) {
  MemoryFileSystem files;
  Threads threads(1);
  RecordSorter sorter({&files, "runs", 0, &threads}, "test", kKept);
  std::string expected;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    expected += counted(i, 1);
    ASSERT_TRUE(sorter.add(counted(4999 - i, 1)));
  }
  EXPECT_FALSE(files.files().empty()) << "runs were written";
  EXPECT_EQ(read_all(*sorter.finish().value()), expected);
}

TEST(RecordSorter, GivesNothingForNothing) {
  EXPECT_EQ(sorted({}, kKept, 0, 1), "");
}

TEST(RecordSorter, SaysWhenItsFolderCannotBeMade) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  ASSERT_TRUE(io::write_file(files, folder / "file", "in the way"));
  Threads threads(1);
  RecordSorter sorter({&files, folder / "file", 0, &threads}, "test", kKept);
  Status added = Ok{};
  for (std::uint64_t i = 0; i < 2000 && added; ++i) {
    added = sorter.add(counted(i, 1));
  }
  EXPECT_FALSE(added);
}

}  // namespace
}  // namespace aludel::exec
