#include "aludel/io/formats/warc.h"

#include <algorithm>

#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"

namespace aludel::io {
namespace {

/// A record with a block of random length; the block says which it is.
std::string record(int number, std::string_view length = "", std::string_view line_end = "\r\n") {
  const std::string block = fmt::format("block {} ", number) +
                            std::string(Rng(1, static_cast<std::uint64_t>(number)).below(400), 'x');
  const std::string size = length.empty() ? std::to_string(block.size()) : std::string(length);
  const std::string_view e = line_end;
  return fmt::format(
      "WARC/1.0{}WARC-Type: response{}warc-target-uri: <http://example.com/{}>{}"
      "Content-Length: {}{}{}{}{}{}",
      e, e, number, e, size, e, e, block, e, e);
}

enum class Packing { plain, members, one_member, zstd };

constexpr Packing kPackings[] = {Packing::plain, Packing::members, Packing::one_member,
                                 Packing::zstd};

struct Outcome {
  std::vector<int> numbers;
  std::vector<WarcRecord> records;
  Counts defects;
};

class WarcTest : public testing::Test {
 protected:
  std::string pack(const std::vector<std::string>& records, Packing packing) {
    std::string file;
    std::string all;
    for (const std::string& text : records) {
      all += text;
      if (packing == Packing::members) file += compress_gzip(text);
      if (packing == Packing::zstd) file += compress_zstd(text);
    }
    if (packing == Packing::plain) return all;
    return packing == Packing::one_member ? compress_gzip(all) : file;
  }

  Outcome read(const std::string& bytes, const WarcOptions& options = {}) {
    auto reader = WarcReader::open(files_, folder_.write("a.warc", bytes), options);
    EXPECT_TRUE(reader.has_value()) << reader.error().message;
    Outcome outcome;
    while (auto next = reader.value().next().value()) {
      outcome.numbers.push_back(std::stoi(next->block.substr(6)));
      outcome.records.push_back(std::move(*next));
    }
    outcome.defects = reader.value().defects();
    return outcome;
  }

  TemporaryFolder folder_;
  LocalFileSystem files_;
};

std::vector<std::string> records(int count) {
  std::vector<std::string> all;
  all.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    all.push_back(record(i));
  }
  return all;
}

std::vector<int> numbers_without(int count, std::initializer_list<int> lost) {
  std::vector<int> numbers;
  for (int i = 0; i < count; ++i) {
    if (std::ranges::find(lost, i) == lost.end()) numbers.push_back(i);
  }
  return numbers;
}

std::string block_of(int number) {
  const std::string text = record(number);
  const std::size_t begin = text.find("\r\n\r\n") + 4;
  return text.substr(begin, text.size() - begin - 4);
}

TEST_F(WarcTest, ReadsEveryPackingWithOffsets) {
  for (const Packing packing : kPackings) {
    const Outcome outcome = read(pack(records(500), packing));
    EXPECT_EQ(outcome.numbers, numbers_without(500, {}));
    EXPECT_TRUE(outcome.defects.empty());
    EXPECT_EQ(outcome.records[7].uri, "http://example.com/7") << "brackets are taken off";
    EXPECT_EQ(outcome.records[7].block, block_of(7));
    if (packing == Packing::one_member) continue;
    WarcOptions options;
    options.range.begin = outcome.records[250].offset;
    EXPECT_EQ(read(pack(records(500), packing), options).numbers.front(), 250);
  }
}

TEST_F(WarcTest, GivesEachRecordToOneRangeWhereverTheFileIsCut) {
  for (const Packing packing : kPackings) {
    const std::string file = pack(records(60), packing);
    for (const std::uint64_t step : {file.size(), file.size() / 2, file.size() / 7, 97UL}) {
      std::vector<int> numbers;
      for (std::uint64_t begin = 0; begin < file.size(); begin += step) {
        const Outcome part =
            read(file, {.max_record_bytes = 1 << 20, .range = {begin, begin + step}});
        numbers.insert(numbers.end(), part.numbers.begin(), part.numbers.end());
        EXPECT_TRUE(part.defects.empty()) << "a range's border is no damage";
      }
      EXPECT_EQ(numbers, numbers_without(60, {})) << static_cast<int>(packing) << " " << step;
    }
  }
}

TEST_F(WarcTest, MendsLengthsThatLie) {
  struct Case {
    std::string length;
    std::string defect;
  };

  for (const Packing packing : kPackings) {
    for (const Case& lie :
         {Case{"3", "length_too_short"}, Case{"900", "length_too_long"},
          Case{"99999999", "length_too_long"}, Case{"x12", "bad_length"}, Case{"-5", "bad_length"},
          Case{"12 34", "bad_length"}, Case{"99999999999999999999999", "bad_length"}}) {
      for (const int liar : {0, 10, 19}) {
        std::vector<std::string> all = records(20);
        all[static_cast<std::size_t>(liar)] = record(liar, lie.length);
        const Outcome outcome = read(pack(all, packing));
        EXPECT_EQ(outcome.numbers, numbers_without(20, {})) << lie.length << " at " << liar;
        EXPECT_EQ(outcome.defects, (Counts{{lie.defect, 1}})) << lie.length << " at " << liar;
        ASSERT_EQ(outcome.records.size(), 20U);
        EXPECT_EQ(outcome.records[static_cast<std::size_t>(liar)].block, block_of(liar));
      }
    }
  }
}

TEST_F(WarcTest, KeepsTheRecordsBeforeATruncation) {
  for (const Packing packing : kPackings) {
    const std::string file = pack(records(20), packing);
    const Outcome outcome = read(file.substr(0, file.size() - 20));
    EXPECT_EQ(outcome.numbers, numbers_without(20, {19})) << static_cast<int>(packing);
    EXPECT_EQ(outcome.defects.size(), 1U);
    EXPECT_EQ(outcome.defects.begin()->second, 1U);
  }
}

TEST_F(WarcTest, LosesOnlyTheRecordOfADamagedMember) {
  for (const Packing packing : {Packing::members, Packing::zstd}) {
    for (const std::size_t liar : {0UL, 9UL, 19UL}) {
      std::string file;
      for (std::size_t i = 0; i < 20; ++i) {
        std::string member = pack({record(static_cast<int>(i))}, packing);
        if (i == liar) member[member.size() - 6] = static_cast<char>(~member[member.size() - 6]);
        file += member;
      }
      const Outcome outcome = read(file);
      EXPECT_EQ(outcome.numbers, numbers_without(20, {static_cast<int>(liar)}));
      EXPECT_EQ(outcome.defects, (Counts{{"damaged_member", 1}}));
    }
  }
}

TEST_F(WarcTest, SkipsWhatIsNoRecord) {
  std::vector<std::string> all = records(6);
  all[2] += "stray bytes\r\nWARC/oops\r\n";
  all[4].replace(all[4].find("WARC-Type"), 9, "WARC-Nope");
  for (const Packing packing : kPackings) {
    const Outcome outcome = read(pack(all, packing));
    EXPECT_EQ(outcome.numbers, numbers_without(6, {4}));
    EXPECT_EQ(outcome.defects, (Counts{{"bad_header", 1}, {"length_too_short", 1}}));
  }
  const Outcome garbage = read(pack({record(0), record(1)}, Packing::members) + "garbage" +
                               pack({record(2)}, Packing::members));
  EXPECT_EQ(garbage.numbers, numbers_without(3, {}));
  EXPECT_EQ(garbage.defects, (Counts{{"damaged_member", 1}}));
}

TEST_F(WarcTest, ReadsLinesThatEndInLineFeedsAlone) {
  const Outcome outcome = read(record(0, "", "\n") + record(1, "", "\n") + record(2));
  EXPECT_EQ(outcome.numbers, numbers_without(3, {}));
  EXPECT_TRUE(outcome.defects.empty());
}

TEST_F(WarcTest, KeepsARecordThatQuotesAnother) {
  std::string quote = record(1);
  const std::string inner = "\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\n\r\n";
  quote = fmt::format("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {}\r\n\r\nblock 1{}",
                      7 + inner.size(), inner) +
          "\r\n\r\n";
  for (const Packing packing : kPackings) {
    const Outcome outcome = read(pack({record(0), quote, record(2)}, packing));
    EXPECT_EQ(outcome.numbers, numbers_without(3, {}));
    EXPECT_TRUE(outcome.defects.empty());
  }
}

TEST_F(WarcTest, SkipsRecordsAboveTheCap) {
  const std::string big = fmt::format(
      "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 3000000\r\n\r\nblock 1{}\r\n\r\n",
      std::string(3'000'000 - 7, 'x'));
  for (const Packing packing : kPackings) {
    const Outcome outcome = read(pack({record(0), big, record(2)}, packing),
                                 {.max_record_bytes = 100'000, .range = {}});
    EXPECT_EQ(outcome.numbers, numbers_without(3, {1}));
    EXPECT_EQ(outcome.defects, (Counts{{"record_too_large", 1}}));
    EXPECT_EQ(read(pack({record(0), big, record(2)}, packing)).numbers, numbers_without(3, {}));
  }
}

TEST_F(WarcTest, ReadsARecordThatSpansMembers) {
  const std::string text = record(0);
  const Outcome outcome = read(compress_gzip(text.substr(0, 50)) + compress_gzip(text.substr(50)) +
                               compress_gzip(record(1)));
  EXPECT_EQ(outcome.numbers, numbers_without(2, {}));
  EXPECT_TRUE(outcome.defects.empty());
}

TEST_F(WarcTest, RefusesWhatIsNoArchiveByName) {
  struct Case {
    std::string bytes;
    std::string_view said;
  };

  for (const Case& wrong :
       {Case{"filedesc://a.arc 0.0.0.0 2014 text/plain 75\n", "ARC file"},
        Case{compress_gzip("filedesc://a.arc 0.0.0.0 2014 text/plain 75\n"), "ARC file"},
        Case{"<!DOCTYPE html>", "begins with \"<!DOCTYPE html>\""},
        Case{std::string("\x89PNG\r\n\x1a\n\0\0", 10), "'WARC/1.0' was expected"}}) {
    const auto reader = WarcReader::open(files_, folder_.write("x.warc", wrong.bytes));
    ASSERT_FALSE(reader.has_value());
    EXPECT_EQ(reader.error().code, Code::unsupported);
    EXPECT_NE(reader.error().message.find(wrong.said), std::string::npos) << reader.error().message;
    EXPECT_NE(reader.error().message.find("x.warc"), std::string::npos);
  }
  EXPECT_TRUE(read("").numbers.empty());
}

TEST_F(WarcTest, SurvivesEveryTruncationAndEveryFlippedByte) {
  const std::string file = pack(records(4), Packing::members);
  for (std::size_t i = 0; i < file.size(); ++i) {
    std::string flipped = file;
    flipped[i] = static_cast<char>(~flipped[i]);
    for (const std::string& bytes : {file.substr(0, i), flipped}) {
      auto reader = WarcReader::open(files_, folder_.write("x.warc", bytes));
      if (!reader) continue;  // the first bytes were hit
      int count = 0;
      while (reader.value().next().value()) {
        ++count;
      }
      EXPECT_GE(count, bytes.size() < file.size() ? 0 : 3) << "byte " << i;
    }
  }
}

}  // namespace
}  // namespace aludel::io
