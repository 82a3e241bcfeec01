#include "aludel/exec/records.h"

#include <algorithm>

#include "tests/ask_to_stop.h"
#include "tests/memory_file_system.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/exec/record_bytes.h"

namespace aludel::exec {
namespace {

std::string record_of(std::uint64_t number, std::uint32_t tail) {
  return std::string(RecordBuilder().number(number).small(tail).bytes());
}

constexpr RecordLayout kLayout{12, 3};

class Records : public testing::Test {
 protected:
  /// 3 files of `count` random records each; the buffer holds so many that several runs are made.
  void write_files(std::uint64_t count, std::uint64_t keys) {
    for (std::uint64_t file = 0; file < 3; ++file) {
      paths_.push_back(fmt::format("f{}", file));
      auto writer = RecordWriter::create(files_, paths_.back(), kLayout, 64).value();
      Rng rng(5, file);
      for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t key = rng.below(keys);
        const std::string record = record_of(key, static_cast<std::uint32_t>(rng.below(4)));
        written_[key % 3].push_back(record);
        ASSERT_TRUE(writer->write(key % 3, record));
      }
      ASSERT_TRUE(writer->commit());
    }
  }

  RecordReader reader(std::size_t partition) { return {files_, paths_, kLayout, partition}; }

  MemoryFileSystem files_;
  std::vector<std::string> paths_;
  std::vector<std::string> written_[3];  // by partition
};

TEST_F(Records, ComeBackByPartitionInTheOrderOfWriting) {
  write_files(100, 1000);
  for (std::size_t partition = 0; partition < 3; ++partition) {
    RecordReader records = reader(partition);
    std::string_view record;
    for (const std::string& expected : written_[partition]) {
      ASSERT_TRUE(records.next(record).value());
      EXPECT_EQ(record, expected);
    }
    EXPECT_FALSE(records.next(record).value());
  }
}

// A plan that read many records looked at no stop until its task was done.
TEST_F(Records, AreReadNoFurtherWhereAStopWasAskedFor) {
  write_files(100, 1000);
  catch_stop_signals();
  ask_to_stop();
  std::string_view record;
  const auto more = reader(1).next(record);
  catch_stop_signals();
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Code::cancelled);
}

TEST_F(Records, MayBeNone) {
  write_files(0, 1);
  std::string_view record;
  EXPECT_FALSE(reader(1).next(record).value());
}

TEST_F(Records, OfAnotherLayoutOrADamagedFileAreErrors) {
  write_files(50, 10);
  std::string_view record;
  RecordReader other(files_, paths_, {8, 3}, 0);
  EXPECT_EQ(other.next(record).error().code, Code::corrupt_data);
  std::string& bytes = files_.files()[paths_[0]];
  const std::string whole = bytes;
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    bytes = whole.substr(0, size);
    RecordReader cut = reader(0);
    auto more = cut.next(record);
    while (more && more.value()) {
      more = cut.next(record);
    }
    ASSERT_FALSE(more) << size;
    EXPECT_EQ(more.error().code, Code::corrupt_data);
  }
}

TEST(RecordBytes, SortAsTheirNumbersDo) {
  EXPECT_LT(record_of(1, 900), record_of(2, 0));
  EXPECT_LT(record_of(255, 0), record_of(256, 0));
  EXPECT_LT(record_of(7, 3), record_of(7, 1U << 31));
  const std::string bytes = record_of(1U << 20, 77) + "rest";
  RecordParser parser(bytes);
  EXPECT_EQ(parser.number(), 1U << 20);
  EXPECT_EQ(parser.small(), 77U);
  EXPECT_EQ(parser.rest(), "rest");
}

}  // namespace
}  // namespace aludel::exec
