#include "aludel/io/formats/parquet.h"

#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"

namespace aludel::io {
namespace {

constexpr Column kColumns[] = {
    {"id"}, {"text"}, {"score", ColumnType::number}, {"notes", ColumnType::json}};

Json row(int number, std::size_t text_bytes) {
  Json json = Json::object();
  json["id"] = fmt::format("row {}", number);
  Rng rng(1, static_cast<std::uint64_t>(number));
  std::string text;
  while (text.size() < text_bytes) {
    text += fmt::format("{:x} \xE4\xBD\xA0 ", rng.next());
  }
  json["text"] = text;
  if (number % 3 == 0) json["score"] = number / 2.0;
  json["notes"]["n"] = number;
  return json;
}

class Parquet : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_parquet()) GTEST_SKIP() << "built without Parquet (make parquet)";
  }

  void write(const std::string& name, int rows, std::size_t text_bytes) {
    auto writer = create_rows(files_, folder_ / name, kColumns).value();
    for (int i = 0; i < rows; ++i) {
      ASSERT_TRUE(writer->write(row(i, text_bytes)));
    }
    ASSERT_TRUE(writer->commit());
  }

  std::vector<Json> read(RowReader& reader) {
    std::vector<Json> rows;
    for (Json json; reader.next(json).value();) {
      rows.push_back(json);
    }
    return rows;
  }

  TemporaryFolder folder_;
  LocalFileSystem files_;
};

TEST_F(Parquet, ReadsBackWhatItWrites) {
  write("a.parquet", 300, 5000);
  auto reader = open_rows(files_, folder_ / "a.parquet", kColumns).value();
  const std::vector<Json> rows = read(*reader);
  ASSERT_EQ(rows.size(), 300U);
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(rows[static_cast<std::size_t>(i)].dump(), row(i, 5000).dump());
  }
  EXPECT_EQ(reader->row_number(), 300U);
}

TEST_F(Parquet, WritesTheSameBytesForTheSameRows) {
  write("a.parquet", 100, 1000);
  write("b.parquet", 100, 1000);
  EXPECT_EQ(read_file(files_, folder_ / "a.parquet").value(),
            read_file(files_, folder_ / "b.parquet").value());
}

TEST_F(Parquet, ReadsOnlyTheColumnsAskedFor) {
  write("a.parquet", 3, 10);
  constexpr Column kTwo[] = {{"id"}, {"nowhere"}};
  auto reader = open_rows(files_, folder_ / "a.parquet", kTwo).value();
  EXPECT_EQ(read(*reader).at(2).dump(), R"({"id":"row 2"})");
}

TEST_F(Parquet, ReadsWholeNumbersOfAnyWidthAsNumbers) {
  // Columns of 8, 32, 16 and 64 bits, the second and third without a sign; made by pyarrow.
  const std::string path = ALUDEL_SOURCE_DIR "/fuzz/corpus/parquet/whole_numbers.parquet";
  auto reader = open_rows(files_, path, kColumns).value();
  const std::vector<Json> rows = read(*reader);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].dump(), R"({"id":-5,"text":1,"score":3,"notes":1099511627776})");
  EXPECT_EQ(rows[1].dump(), R"({"id":6,"text":4294967295,"notes":-1})");
}

TEST_F(Parquet, ReadsColumnsThatAreNotNamedAsAJsonLineWouldHaveThem) {
  // A struct, a list, a map, a list of fixed size, bytes, a date and a dictionary; made by pyarrow.
  const std::string path = ALUDEL_SOURCE_DIR "/fuzz/corpus/parquet/nested.parquet";
  constexpr std::uint64_t kEnd = std::numeric_limits<std::uint64_t>::max();
  auto reader = open_parquet(files_, path, kColumns, 0, kEnd, OtherColumns::read).value();
  const std::vector<Json> rows = read(*reader);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].dump(),
            R"({"url":"http://a/1","body":{"content":"The first text.","words":3},)"
            R"("tags":["x","y"],"scores":{"lid":0.5},"vector":[1,2],"picture":"6 bytes",)"
            R"("day":"2024-05-18","license":"CC0"})");
  EXPECT_EQ(rows[1].dump(),
            R"({"url":"http://a/2","body":{"content":"The second text."},"scores":{},)"
            R"("vector":[3,4],"picture":"plain","license":"CC0"})");
  auto named = open_rows(files_, path, std::vector<Column>{{"url"}}).value();
  EXPECT_EQ(read(*named)[0].dump(), R"({"url":"http://a/1"})") << "others are not fetched";
}

TEST_F(Parquet, IsCutBetweenRowGroupsWithoutLosingARow) {
  write("a.parquet", 1000, 80'000);  // 80 MB of values: two row groups
  const std::uint64_t size = files_.info(folder_ / "a.parquet").value().size_bytes;
  std::vector<Json> all;
  std::size_t parts_with_rows = 0;
  for (std::uint64_t begin = 0; begin < size; begin += size / 7 + 1) {
    auto reader = open_parquet(files_, folder_ / "a.parquet", kColumns, begin,
                               std::min(begin + size / 7 + 1, size))
                      .value();
    const std::uint64_t before = reader->row_number();
    const std::vector<Json> rows = read(*reader);
    if (!rows.empty()) {
      EXPECT_EQ(before, all.size()) << "row numbers count from the file's start";
      ++parts_with_rows;
    }
    all.insert(all.end(), rows.begin(), rows.end());
  }
  EXPECT_GE(parts_with_rows, 2U);
  ASSERT_EQ(all.size(), 1000U);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(all[static_cast<std::size_t>(i)].string_or("id", ""), fmt::format("row {}", i));
  }
}

TEST_F(Parquet, NamesDamage) {
  write("a.parquet", 100, 1000);
  const std::string whole = read_file(files_, folder_ / "a.parquet").value();
  for (const std::string& damaged :
       {whole.substr(0, whole.size() / 2), std::string("PAR1"), std::string(),
        std::string(whole).replace(whole.size() - 40, 10, 10, '\xFF')}) {
    folder_.write("b.parquet", damaged);
    auto reader = open_rows(files_, folder_ / "b.parquet", kColumns);
    Json json;
    auto result = reader ? reader.value()->next(json) : Result<bool>(reader.error());
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, Code::corrupt_data) << result.error().message;
    EXPECT_NE(result.error().message.find("b.parquet: [parquet]"), std::string::npos);
  }
  EXPECT_EQ(open_rows(files_, folder_ / "none.parquet", kColumns).error().code, Code::not_found);
}

TEST(ParquetOff, SaysWhichTargetBuildsIt) {
  if (has_parquet()) GTEST_SKIP() << "built with Parquet";
  LocalFileSystem files;
  const TemporaryFolder folder;
  for (const char* name : {"a.parquet", "a.jsonl"}) {  // found by its bytes, whatever its name
    folder.write(name, "PAR1 and so on PAR1");
    const auto opened = open_rows(files, folder / name, kColumns);
    ASSERT_FALSE(opened.has_value()) << name;
    EXPECT_EQ(opened.error().code, Code::unsupported) << name;
    EXPECT_NE(opened.error().message.find("make parquet"), std::string::npos) << name;
  }
}

TEST(Rows, OfJsonLinesNeedNoColumns) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  auto writer = create_rows(files, folder / "a.jsonl.zst", {}).value();
  ASSERT_TRUE(writer->write(row(1, 10)));
  ASSERT_TRUE(writer->commit());
  auto reader = open_rows(files, folder / "a.jsonl.zst", {}).value();
  Json json;
  EXPECT_TRUE(reader->next(json).value());
  EXPECT_EQ(json.dump(), row(1, 10).dump());
  EXPECT_FALSE(reader->next(json).value());
}

}  // namespace
}  // namespace aludel::io
