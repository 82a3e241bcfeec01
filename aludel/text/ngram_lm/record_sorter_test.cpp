#include "aludel/text/ngram_lm/record_sorter.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "tests/memory_file_system.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"

namespace aludel::text {
namespace {

constexpr RecordShape kShape = {.record_bytes = 20, .key_bytes = 12};

std::string record_of(std::uint64_t key, std::uint64_t count) {
  std::string record = "0123" + std::string(16, '\0');
  for (std::size_t i = 0; i < 8; ++i) {
    record[11 - i] = static_cast<char>(key >> (8 * i));
  }
  std::memcpy(record.data() + 12, &count, sizeof count);
  return record;
}

/// What a sorter makes of records, one after the other.
std::string sorted(const std::vector<std::string>& records, EqualKeys equal,
                   std::size_t memory_bytes, int thread_count) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  Threads threads(thread_count);
  RecordSorter sorter({&files, folder / "runs", memory_bytes, &threads}, "test", kShape, equal);
  for (const std::string& record : records) {
    EXPECT_TRUE(sorter.add(record.data()));
  }
  std::string all;
  {
    const auto source = sorter.finish();
    EXPECT_TRUE(source);
    while (const char* record = source.value()->next().value()) {
      all.append(record, kShape.record_bytes);
    }
  }
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
    records.push_back(record_of(key, key % 7 + 1));
    sums[key] += key % 7 + 1;
  }
  std::string expected;
  for (const auto& [key, sum] : sums) {
    expected += record_of(key, sum);
  }
  EXPECT_EQ(sorted(records, EqualKeys::summed, std::size_t{1} << 30, 1), expected);
  EXPECT_EQ(sorted(records, EqualKeys::summed, std::size_t{1} << 30, 3), expected);
  EXPECT_EQ(sorted(records, EqualKeys::summed, 100000, 2), expected);
  const std::string kept = sorted(records, EqualKeys::kept, std::size_t{1} << 30, 2);
  EXPECT_EQ(kept.size(), records.size() * kShape.record_bytes);
  EXPECT_EQ(sorted(records, EqualKeys::kept, 100000, 1), kept);
}

TEST(RecordSorter, LosesNothingWhereAFileIsThereOnlyWhenCommitted) {
  MemoryFileSystem files;
  Threads threads(1);
  RecordSorter sorter({&files, "runs", 0, &threads}, "test", kShape, EqualKeys::kept);
  std::string expected;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    expected += record_of(i, 1);
    ASSERT_TRUE(sorter.add(record_of(4999 - i, 1).data()));
  }
  EXPECT_FALSE(files.files().empty()) << "runs were written";
  const auto source = sorter.finish().value();
  std::string all;
  while (const char* record = source->next().value()) {
    all.append(record, kShape.record_bytes);
  }
  EXPECT_EQ(all, expected);
}

TEST(RecordSorter, GivesNothingForNothing) {
  EXPECT_EQ(sorted({}, EqualKeys::kept, 0, 1), "");
}

TEST(RecordSorter, SaysWhenItsFolderCannotBeMade) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  ASSERT_TRUE(io::write_file(files, folder / "file", "in the way"));
  Threads threads(1);
  RecordSorter sorter({&files, folder / "file", 0, &threads}, "test", kShape, EqualKeys::kept);
  Status added = Ok{};
  for (std::uint64_t i = 0; i < 2000 && added; ++i) {
    added = sorter.add(record_of(i, 1).data());
  }
  EXPECT_FALSE(added);
}

}  // namespace
}  // namespace aludel::text
