#include "aludel/io/json_stream.h"

#include "tests/piece_reader.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/io/codec.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/io/rows.h"

namespace aludel::io {
namespace {

using Texts = std::vector<std::string>;

Texts texts_of(const std::string& bytes, std::size_t piece = 1000, std::size_t limit = 100) {
  auto stream = JsonStream::open(std::make_unique<PieceReader>(bytes, piece), limit).value();
  Texts texts;
  for (std::string_view text;;) {
    const auto more = stream.next(text);
    if (more && !more.value()) return texts;
    texts.push_back(more ? std::string(text) : "ERROR " + more.error().message);
  }
}

std::string utf16(std::u16string_view text, bool is_big_endian) {
  std::string bytes;
  for (const char16_t unit : std::u16string(u"\uFEFF") + std::u16string(text)) {
    const auto high = static_cast<char>(unit >> 8U);
    const auto low = static_cast<char>(unit & 0xFFU);
    bytes += is_big_endian ? high : low;
    bytes += is_big_endian ? low : high;
  }
  return bytes;
}

TEST(JsonHead, BeginsWithARecordWhereOneOfItsFirstValuesHasAText) {
  for (const char* head :
       {"{\"text\":\"a\"}", "\xEF\xBB\xBF\n \n{\"text\":\"a\"}\r\n{\"text",
        "{\"id\":1}\n\n{\"text\":\"\"}\n{broken\n{\"text\":\"a\"}\n",
        "[{\"id\":1},\n {\"text\":\"a\"}]", "{\n  \"id\": 1,\n  \"text\": \"a\"\n}\n",
        "{\"a\":1}{\"text\":\"b\"}",
        // cut within the first object
        "{\"id\":{\"text\":1},\"text\" : \"a", "[ {\"x\":[\"}\",{}],\"text\":\"a\\\"",
        "{\"id\":1,\n\"text\":\"a", "{\"text\":\"a\",\"html\":\"<p>"}) {
    EXPECT_TRUE(begins_with_record(head, "text")) << head;
  }
  for (const char* head :
       {"", "{", "[", "{}", "{\"text\":\"\"}", "{\"text\":7}", "{x} is a set.", "[1,2]",
        "prose\n{\"text\":\"a\"}", "{\"text\":\"a\"} is what it gives.",
        "[{\"a\":{\"text\":\"b\"}}]",
        // cut
        "{\"html\":\"\\\"text\\\":\\\"a", "{\"a\":{\"text\":\"b\"},\"c\":\"",
        "{\"text\":", "{\"text\":\"", "{\"a\":[\"text\",\"b\"],\"c", "{ text: \"a"}) {
    EXPECT_FALSE(begins_with_record(head, "text")) << head;
  }
}

TEST(JsonHead, KnowsATextByThePathOfItsName) {
  for (const char* head : {R"({"data":{"id":1,"body":"a"}})", R"({"data.body":"a"})",
                           R"({"x":{"body":1},"data":{"id":[],"body":"a)", R"({"data.body":"a)"}) {
    EXPECT_TRUE(begins_with_record(head, "data.body")) << head;
  }
  for (const char* head :
       {R"({"data":{"id":1},"body":"a"})", R"({"body":"a"})", R"({"data":"body"})",
        R"({"data":{"id":1},"body":"a)", R"({"x":{"body":"a)"}) {
    EXPECT_FALSE(begins_with_record(head, "data.body")) << head;
  }
}

TEST(JsonStream, GivesOneValueALineWithoutBlankLines) {
  for (const std::size_t piece : {1UL, 7UL, 1000UL}) {
    EXPECT_EQ(texts_of("{\"a\":1}\r\n\n \t\n[1]\nnot json\n{\"b\":2}", piece),
              (Texts{"{\"a\":1}\r", "[1]", "not json", "{\"b\":2}"}));
  }
  EXPECT_TRUE(texts_of("").empty());
  EXPECT_TRUE(texts_of("\n \n").empty());
}

TEST(JsonStream, GivesTheObjectsOfAnArray) {
  for (const char* array : {R"([{"a":"]},{"},{"b":[{"c":1}]}])",
                            "\xEF\xBB\xBF [\n {\"a\":\"]},{\"},\n {\"b\":[{\"c\":1}]}\n]\n"}) {
    for (const std::size_t piece : {1UL, 1000UL}) {
      EXPECT_EQ(texts_of(array, piece), (Texts{R"({"a":"]},{"})", R"({"b":[{"c":1}]})"})) << array;
    }
  }
  EXPECT_TRUE(texts_of("[]").empty());
  EXPECT_EQ(texts_of("[1,2]\n[3]\n"), (Texts{"[1,2]", "[3]"})) << "lines of lists stay lines";
}

TEST(JsonStream, GivesObjectsOverSeveralLinesAndSeveralOnOne) {
  EXPECT_EQ(texts_of("{\n  \"a\": \"\\\"}\"\n}\n{\n  \"b\": {}\n}\n"),
            (Texts{"{\n  \"a\": \"\\\"}\"\n}", "{\n  \"b\": {}\n}"}));
  EXPECT_EQ(texts_of("{\"a\":1}{\"b\":2} {\"c\":3}"),
            (Texts{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"}));
  EXPECT_EQ(texts_of("[{\"a\":1},oops,{\"b\":2},{\"c\":"),
            (Texts{"{\"a\":1}", "oops,", "{\"b\":2}", "{\"c\":"}))
      << "what is no object, and what the end cuts, are left to the parser";
}

TEST(JsonStream, ReadsALineThatWasCutOffAsALine) {
  EXPECT_EQ(texts_of("{\"a\":1,\n{\"b\":2}\n"), (Texts{"{\"a\":1,", "{\"b\":2}"}));
  EXPECT_EQ(texts_of("{\"a\":\"x\n{\"b\":2}\n"), (Texts{"{\"a\":\"x", "{\"b\":2}"}));
}

TEST(JsonStream, DecodesUtf16WithAByteOrderMark) {
  for (const bool is_big_endian : {false, true}) {
    for (const std::size_t piece : {1UL, 1000UL}) {
      EXPECT_EQ(texts_of(utf16(u"{\"a\":\"\u4e2d\U0001F600\"}\r\n{}", is_big_endian), piece),
                (Texts{"{\"a\":\"\xE4\xB8\xAD\xF0\x9F\x98\x80\"}\r", "{}"}));
      EXPECT_EQ(texts_of(utf16(u"[{\"a\":1},\n{\"b\":2}]", is_big_endian), piece),
                (Texts{"{\"a\":1}", "{\"b\":2}"}));
    }
    EXPECT_EQ(texts_of(utf16(u"{\xD83D}\n\xDE00", is_big_endian) + "x"),
              (Texts{"{\xEF\xBF\xBD}", "\xEF\xBF\xBD\xEF\xBF\xBD"}));
  }
}

/// A stream that fails behind its bytes, however often it is asked.
class DamagedEnd final : public ByteReader {
 public:
  explicit DamagedEnd(std::string bytes, Code code = Code::corrupt_data)
      : bytes_(std::move(bytes), 5), code_(code) {}

  Result<std::size_t> read(std::span<char> out) override {
    const std::size_t count = ALUDEL_TRY(bytes_.read(out));
    if (count == 0) return Error{code_, "cut"};
    return count;
  }

 private:
  PieceReader bytes_;
  Code code_;
};

TEST(JsonStream, GivesWhatComesBeforeDamage) {
  for (const char* bytes : {"{\"a\":1}\n{\"b\":2}\n{\"c", "[{\"a\":1},{\"b\":2},"}) {
    auto stream = JsonStream::open(std::make_unique<DamagedEnd>(bytes), 100).value();
    std::string_view text;
    EXPECT_TRUE(stream.next(text).value());
    EXPECT_TRUE(stream.next(text).value());
    EXPECT_EQ(text, "{\"b\":2}");
    EXPECT_EQ(stream.next(text).error().code, Code::corrupt_data);
  }
}

TEST(JsonStream, SkipsAValueThatIsTooLongInAnyLayout) {
  const std::string big = "{\"big\":\"" + std::string(200'000, '}') + "\"}";
  EXPECT_EQ(texts_of("{\"a\":1}\n" + big + "\n{\"b\":2}\n"),
            (Texts{"{\"a\":1}", "ERROR line 2: longer than 100 bytes", "{\"b\":2}"}));
  EXPECT_EQ(texts_of("[{\"a\":1}," + big + ",{\"b\":2}]"),
            (Texts{"{\"a\":1}", "ERROR value 2: longer than 100 bytes", "{\"b\":2}"}));
}

TEST(JsonStream, TellsAStreamThatFailsFromAValueThatIsTooLong) {
  const std::string big = "{\"big\":\"" + std::string(200, '}');
  for (const std::string begin : {"{\"a\":1}\n", "[{\"a\":1},"}) {
    // Between two values, within one, and within one that is too long already.
    for (const std::string& end : {std::string(), std::string("{\"b"), big}) {
      auto bytes = std::make_unique<DamagedEnd>(begin + end, Code::resource_exhausted);
      auto stream = JsonStream::open(std::move(bytes), 100).value();
      std::string_view text;
      EXPECT_TRUE(stream.next(text).value());
      EXPECT_EQ(stream.next(text).error().message, "cut");
      EXPECT_FALSE(stream.last_error_was_value()) << begin << end;
    }
    auto bytes = std::make_unique<DamagedEnd>(begin + big + "\"}\n{\"b\":2}\n");
    auto stream = JsonStream::open(std::move(bytes), 100).value();
    std::string_view text;
    EXPECT_TRUE(stream.next(text).value());
    EXPECT_FALSE(stream.next(text).has_value());
    EXPECT_TRUE(stream.last_error_was_value());
    EXPECT_TRUE(stream.next(text).value());
    EXPECT_FALSE(stream.next(text).has_value());
    EXPECT_FALSE(stream.last_error_was_value()) << "that was the value before";
  }
}

TEST(JsonStream, TellsWhereEachValueBeginsAlsoBehindALineThatIsTooLong) {
  const std::string big(300'000, 'x');
  auto stream =
      JsonStream::of_lines(std::make_unique<PieceReader>("{}\n\n" + big + "\n[]\n", 1000), 100);
  std::string_view text;
  ASSERT_TRUE(stream.next(text).value());
  EXPECT_EQ(stream.value_begin(), 0U);
  EXPECT_FALSE(stream.next(text));
  EXPECT_EQ(stream.value_begin(), 4U);
  EXPECT_EQ(stream.position(), big.size() + 5);
  ASSERT_TRUE(stream.next(text).value());
  EXPECT_EQ(stream.value_begin(), big.size() + 5);
  EXPECT_EQ(stream.place(), "line 4");
}

TEST(LineReader, LeavesOutTheRestOfALineUpToALimit) {
  const std::string line(300'000, 'x');
  LineReader whole(std::make_unique<PieceReader>(line + "\nnext\n", 1000));
  EXPECT_TRUE(whole.skip_rest_of_line(line.size() + 1).value());
  std::string_view text;
  ASSERT_TRUE(whole.next(text).value());
  EXPECT_EQ(text, "next");
  EXPECT_EQ(whole.line_begin(), line.size() + 1);
  LineReader part(std::make_unique<PieceReader>(line + "\nnext\n", 1000));
  EXPECT_FALSE(part.skip_rest_of_line(line.size()).value());
  EXPECT_EQ(part.position(), line.size());
  LineReader end(std::make_unique<PieceReader>("no more", 1000));
  EXPECT_FALSE(end.skip_rest_of_line(100).value());
}

TEST(Jsonl, MendsFlawsAndLeavesOutWhatIsNoRecordWhereItIsAskedTo) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  ASSERT_TRUE(
      write_file(files, folder / "a.jsonl",
                 "\xEF\xBB\xBF{\"n\":1}\n{\"n\":\n\xEF\xBB\xBF{\"n\":2,\"t\":\"\\ud83d\xFF\"}\n"));
  auto reader = JsonlReader::open(files, folder / "a.jsonl").value();
  Json value;
  ASSERT_TRUE(reader.next_sound(value).value());
  EXPECT_EQ(value.integer_or("n", 0), 1);
  ASSERT_TRUE(reader.next_sound(value).value());
  EXPECT_EQ(value.integer_or("n", 0), 2);
  EXPECT_EQ(value.string_or("t", ""), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_FALSE(reader.next_sound(value).value());
}

constexpr Column kColumns[] = {{"id"},
                               {"notes", ColumnType::json},
                               {"why", ColumnType::text, true},
                               {"score", ColumnType::number}};

TEST(Rows, OfJsonLinesHaveOneSchemaAndReadBackAsTheyWere) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  Json full = Json::object();
  full["score"] = 0.5;
  full["other"] = 1;
  full["notes"]["deep"] = Json::array();
  full["id"] = "a";
  auto writer = create_rows(files, folder / "a.jsonl", kColumns).value();
  ASSERT_TRUE(writer->write(full));
  ASSERT_TRUE(writer->write(Json::object()));
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(read_file(files, folder / "a.jsonl").value(),
            "{\"id\":\"a\",\"notes\":\"{\\\"deep\\\":[]}\",\"score\":0.5}\n"
            "{\"id\":\"\",\"notes\":\"\",\"score\":null}\n");
  auto reader = open_rows(files, folder / "a.jsonl", kColumns).value();
  Json row;
  ASSERT_TRUE(reader->next(row).value());
  EXPECT_EQ(*row.find("notes"), *full.find("notes"));
}

TEST(Rows, TakeAnObjectOrATextThatIsNoJsonAsItStands) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  ASSERT_TRUE(write_file(files, folder / "a", "{\"notes\":{\"n\":1}}\n{\"notes\":\"see {\"}\n"));
  auto reader = open_rows(files, folder / "a", kColumns).value();
  Json row;
  ASSERT_TRUE(reader->next(row).value());
  EXPECT_EQ(row.find("notes")->integer_or("n", 0), 1);
  ASSERT_TRUE(reader->next(row).value());
  EXPECT_EQ(row.string_or("notes", ""), "see {");
}

}  // namespace
}  // namespace aludel::io
