#include "aludel/io/lines.h"

#include "tests/piece_reader.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/io/format.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::io {
namespace {

std::vector<std::string> lines_of(const std::string& bytes, std::size_t piece, std::size_t limit) {
  LineReader reader(std::make_unique<PieceReader>(bytes, piece), limit);
  std::vector<std::string> lines;
  while (true) {
    std::string_view line;
    const auto more = reader.next(line);
    if (!more) {
      lines.push_back("ERROR " + more.error().message);
    } else if (!more.value()) {
      return lines;
    } else {
      lines.emplace_back(line);
    }
  }
}

TEST(LineReader, GivesEveryLineWhateverTheSizeOfThePieces) {
  const std::string long_line(300'000, 'x');
  const std::string bytes = "a\n\nb\r\n" + long_line + "\nlast";
  for (const std::size_t piece : {1UL, 3UL, 1000UL, 1'000'000UL}) {
    EXPECT_EQ(lines_of(bytes, piece, 400'000),
              (std::vector<std::string>{"a", "", "b\r", long_line, "last"}));
  }
  EXPECT_TRUE(lines_of("", 10, 10).empty());
  EXPECT_EQ(lines_of("\n", 10, 10), std::vector<std::string>{""});
}

TEST(LineReader, LeavesOutTheByteOrderMarkOfTheStreamAndNoOther) {
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_EQ(lines_of(mark + "a\n" + mark + "b", 1, 10),
            (std::vector<std::string>{"a", mark + "b"}));
  EXPECT_EQ(lines_of(mark, 10, 10), std::vector<std::string>{""});
}

TEST(LineReader, SkipsALineThatIsTooLongAndGoesOn) {
  const std::string bytes =
      "ok\n" + std::string(1'000'000, 'x') + "\nnext\n" + std::string(20, 'y');
  EXPECT_EQ(lines_of(bytes, 1000, 10),
            (std::vector<std::string>{"ok", "ERROR line 2: longer than 10 bytes", "next",
                                      "ERROR line 4: longer than 10 bytes"}));
}

TEST(Jsonl, ReadsBackWhatItWrites) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  for (const char* name : {"a.jsonl", "a.jsonl.gz", "a.jsonl.zst"}) {
    auto writer = JsonlWriter::create(files, folder / name).value();
    for (int i = 0; i < 1000; ++i) {
      Json value;
      value["n"] = i;
      value["text"] = "line\nbreak";
      ASSERT_TRUE(writer.write(value).has_value());
    }
    ASSERT_TRUE(writer.commit().has_value());
    auto reader = JsonlReader::open(files, folder / name).value();
    Json value;
    for (int i = 0; i < 1000; ++i) {
      ASSERT_TRUE(reader.next(value).value());
      ASSERT_EQ(value.integer_or("n", -1), i);
      ASSERT_EQ(value.string_or("text", ""), "line\nbreak");
    }
    EXPECT_FALSE(reader.next(value).value());
  }
}

TEST(Jsonl, NamesTheBadLineAndGoesOn) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  ASSERT_TRUE(write_file(files, folder / "a",
                         "{\"a\":1}\r\n \n{\"a\":\n[" + std::string(99, ' ') + "]\n\"\xff\n2")
                  .has_value());
  auto reader = JsonlReader::open(files, folder / "a", 50).value();
  Json value;
  ASSERT_TRUE(reader.next(value).value());
  for (const char* place : {"line 3: ", "line 4: ", "line 5: "}) {
    const auto bad = reader.next(value);
    ASSERT_FALSE(bad.has_value());
    EXPECT_TRUE(reader.last_error_was_line());
    EXPECT_NE(bad.error().message.find(place), std::string::npos) << bad.error().message;
    EXPECT_NE(bad.error().message.find(folder / "a"), std::string::npos);
  }
  ASSERT_TRUE(reader.next(value).value());
  EXPECT_EQ(value.as_integer(), 2);
  EXPECT_FALSE(reader.next(value).value());
}

TEST(Formats, AreToldByMagicBytesThenByExtension) {
  EXPECT_EQ(find_format("a.jsonl.zst", "{}")->name, "jsonl");
  EXPECT_EQ(find_format("x", std::string_view("\x40\0\0\0\0\0\0\0{\"a\"", 12))->name,
            "safetensors");
  EXPECT_EQ(find_format("x.unknown", "abc"), nullptr);
  EXPECT_EQ(find_format("A.WET.GZ", "abc")->name, "warc");
}

TEST(Formats, AreNamedByTheEndOfTheNameAloneInAnyLetters) {
  const auto named = [](std::string_view path) {
    const NameEnding ending = ending_of(path);
    return std::string(ending.format) + " " + std::string(ending.media_type);
  };
  for (const std::string_view path : {"a.html", "A.HTM", "a.xhtml.html", "a.html.gz", "A.HTML.ZST",
                                      "https://a.example/b.html?key=x.xhtml"}) {
    EXPECT_EQ(named(path), "html text/html") << path;
  }
  for (const std::string_view path : {"PAGE.XHTML", "a.xht", "a.html.xhtml", "a.Xht.Gz"}) {
    EXPECT_EQ(named(path), "html application/xhtml+xml") << path;
  }
  EXPECT_EQ(named("NOTES.MD"), "text text/plain");
  EXPECT_EQ(named("x/CC-MAIN.warc.gz"), "warc ");
  EXPECT_EQ(named("a.warc.wet.gz"), "warc ");
  EXPECT_EQ(named("a.jsonl.zst"), "jsonl ");
  EXPECT_EQ(named("a.json"), "jsonl ");
  EXPECT_EQ(named("B.Parquet"), "parquet ");
  EXPECT_EQ(named("https://a.example/b.epub?key=x.txt"), "epub ");
  EXPECT_EQ(named("a.bin"), " ");
  EXPECT_EQ(named("html"), " ");
  EXPECT_EQ(named("model.safetensors"), " ");
}

}  // namespace
}  // namespace aludel::io
