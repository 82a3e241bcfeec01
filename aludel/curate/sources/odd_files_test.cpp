// Tests that whatever is in a folder of sources and cannot be read is counted by file and reason.
#include <algorithm>
#include <filesystem>

#include "tests/curate_run.h"
#include "tests/faulty_file_system.h"
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "aludel/curate/cascade/config.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/curate/sources/unread.h"
#include "aludel/io/formats/parquet.h"
#include "aludel/text/book/book.h"

namespace aludel::curate {
namespace {

using Reasons = std::map<std::string, std::uint64_t>;

class OddFiles : public CurateRun {
 protected:
  void SetUp() override {
    write("in/a.jsonl", jsonl(0, 20));
    toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"s\"\npath = \"in\"\n";
  }

  /// Returns what `read` dropped in the run, losses and others.
  Reasons dropped(const std::string& out) {
    Reasons reasons;
    const Json read = row(out, "s", "read");
    for (const auto& [reason, count] : read.find("dropped")->as_object()) {
      reasons[reason] = static_cast<std::uint64_t>(count.as_integer());
    }
    return reasons;
  }

  Unread losses(const std::string& out) { return unread_of_ledger(ledger(out)); }
};

TEST_F(OddFiles, AreCountedWhereALinkAPipeOrAFolderStandsForAFile) {
  std::filesystem::create_symlink("nowhere", folder_ / "in/gone.jsonl");
  std::filesystem::create_symlink("loop.jsonl", folder_ / "in/loop.jsonl");
  write("elsewhere/b.jsonl", jsonl(20, 1));
  std::filesystem::create_directory_symlink(folder_ / "elsewhere", folder_ / "in/linked");
  std::filesystem::create_symlink(folder_ / "elsewhere/b.jsonl", folder_ / "in/to_b.jsonl");
  ASSERT_EQ(::mkfifo((folder_ / "in/pipe.jsonl").c_str(), 0600), 0);
  ASSERT_TRUE(files_.make_folders(folder_ / "in/deep"));
  ASSERT_EQ(::mkfifo((folder_ / "in/deep/manifest.jsonl").c_str(), 0600), 0);
  ASSERT_TRUE(run("out"));
  EXPECT_EQ(dropped("out"),
            (Reasons{{"dangling_link", 2}, {"folder_link", 1}, {"special_file", 2}}));
  EXPECT_EQ(row("out", "s", "read").integer_or("kept", 0), 21) << "a link to a file is read";
  EXPECT_EQ(losses("out").records(), 5U);
  const std::string lines = unread_lines(ledger("out"));
  EXPECT_NE(lines.find("dangling_link 2, folder_link 1, special_file 2"), std::string::npos)
      << lines;
  EXPECT_NE(lines.find("in/deep/manifest.jsonl (special_file 1)"), std::string::npos) << lines;
}

TEST_F(OddFiles, AreCountedWhereAProgramIsStillAtWork) {
  for (const char* name :
       {"b.jsonl.part", "c.warc.gz.tmp", "d.txt.crdownload", "e.jsonl.aludel-partial",
        ".f.jsonl.Xy12zA", "_temporary/0/g.jsonl", "h.PART"}) {
    write(std::string("in/") + name, jsonl(30, 1));
  }
  ASSERT_TRUE(run("out"));
  EXPECT_EQ(dropped("out"), (Reasons{{"unfinished_file", 7}}));
  EXPECT_EQ(losses("out").records(), 7U);
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"s\"\npath = \"in/b.jsonl.part\"\n";
  ASSERT_TRUE(run("named")) << "what a source names itself is read";
  EXPECT_TRUE(dropped("named").empty());
}

TEST_F(OddFiles, AreNoLossWhereTheyComeWithDocumentsAndNeverHoldOne) {
  for (const char* name : {".DS_Store", "Thumbs.db", "_SUCCESS", "a.jsonl.md5", "SHA256SUMS",
                           ".part-0.crc", "._a.jsonl", ".gitignore"}) {
    write(std::string("in/") + name, "whatever");
  }
  write("in/.hidden.jsonl", jsonl(40, 1));
  ASSERT_TRUE(run("out"));
  EXPECT_EQ(dropped("out"), (Reasons{{"companion_file", 8}}));
  EXPECT_TRUE(losses("out").empty()) << "--strict is content";
  EXPECT_NE(unread_lines(ledger("out")).find("left out: companion_file 8"), std::string::npos);
  EXPECT_EQ(row("out", "s", "read").integer_or("kept", 0), 21) << "a hidden file is a file";
}

TEST_F(OddFiles, StopTheRunWhereTheDiskFailsLaterAndNotWhereOneWentAway) {
  constexpr const char* kBroken[] = {"c.txt", "d.html", "e.warc.gz", "f.epub", "g.jsonl.gz"};
  write("in/b.jsonl", jsonl(50, 1));
  for (const char* name : kBroken) {
    write(std::string("in/") + name, jsonl(50, 1));
  }
  const CurateConfig planned = config("out");
  const auto shards = plan_shards(files_, sources_to_cut(planned)).value();
  std::filesystem::remove(folder_ / "in/b.jsonl");
  for (const char* name : kBroken) {
    std::filesystem::remove(folder_ / (std::string("in/") + name));
    std::filesystem::create_directory(folder_ / (std::string("in/") + name));
  }
  Reasons reasons;
  std::size_t documents = 0;
  std::size_t stops = 0;
  for (const FilePart& part : shards.at(0).parts) {
    auto reader = open_documents(files_, planned.sources[0], part);
    if (!reader) {  // the file is a folder now
      EXPECT_EQ(reader.error().code, Code::io_error) << reader.error().message;
      EXPECT_NE(reader.error().message.find(part.path), std::string::npos);
      ++stops;
      continue;
    }
    for (ReadDocument item; reader.value()->next(item).value();) {
      ++documents;
    }
    reader.value()->end();
    for (const auto& [reason, count] : reader.value()->problems()) {
      reasons[reason] += count;
    }
  }
  EXPECT_EQ(documents, 20U);
  EXPECT_EQ(stops, std::size(kBroken));
  EXPECT_EQ(reasons, (Reasons{{"missing_file", 1}}));
}

TEST_F(OddFiles, AreCountedWhereTheDiskRefusesThem) {
  for (const char* name : {"b.closed", "c.jsonl.closed", "d.warc.gz.closed"}) {
    write(std::string("in/") + name, jsonl(60, 1));
  }
  FaultyFileSystem faulty(files_);
  faulty.refuse(".closed");
  Threads threads(1);
  const auto result = curate(faulty, threads, config("out"));
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(dropped("out"), (Reasons{{"cannot_read", 3}}));
  const auto worst = losses("out").worst();
  ASSERT_EQ(worst.size(), 3U);
  EXPECT_NE(worst[0].example.find("broken for a test"), std::string::npos);
  EXPECT_TRUE(run("whole").has_value()) << "what can be read is read";
}

TEST_F(OddFiles, StopTheRunWhereTooManyAreUnread) {
  for (int i = 0; i < 12; ++i) {
    std::filesystem::create_symlink("nowhere", folder_ / fmt::format("in/{}.jsonl", i));
  }
  const auto result = run("out");
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().message.find("12 of 32 records could not be read (dangling_link 12)"),
            std::string::npos)
      << result.error().message;
}

TEST_F(OddFiles, AreCountedWhereThisBuildLacksTheirFormat) {
  if (text::has_pdf() && io::has_parquet()) GTEST_SKIP() << "built with both";
  write("in/b.pdf", "%PDF-1.4");
  write("in/c.parquet", "PAR1");
  ASSERT_TRUE(run("out"));
  const std::uint64_t lacking = (text::has_pdf() ? 0U : 1U) + (io::has_parquet() ? 0U : 1U);
  EXPECT_EQ(dropped("out")["format_not_built"], lacking);
  const auto places = losses("out").worst();
  const auto lacks = std::ranges::find(places, "format_not_built", &UnreadPlace::reason);
  ASSERT_NE(lacks, places.end());
  EXPECT_NE(lacks->example.find("was built without"), std::string::npos) << lacks->example;
}

TEST_F(OddFiles, AreReadOnceWhereASourceNamesThemTwice) {
  std::filesystem::create_symlink("a.jsonl", folder_ / "in/z.jsonl");
  CurateConfig twice = config("out");
  twice.sources[0].path = {folder_ / "in", folder_ / "in/a.jsonl", folder_ / "in/../in/*.jsonl",
                           folder_ / "in/"};
  Threads threads(2);
  ASSERT_TRUE(curate(files_, threads, twice));
  EXPECT_EQ(row("out", "s", "read").integer_or("kept", 0), 20);
  EXPECT_EQ(dropped("out"), (Reasons{{"read_already", 6}}));
  EXPECT_TRUE(losses("out").empty());
}

TEST_F(OddFiles, AreReadByTwoSourcesThatNameThem) {
  toml_ += "[[sources]]\nname = \"t\"\npath = \"in\"\ntext_key = \"id\"\n";
  ASSERT_TRUE(run("out"));
  EXPECT_EQ(row("out", "s", "read").integer_or("kept", 0), 20);
  EXPECT_EQ(row("out", "t", "read").integer_or("kept", 0), 20) << "another column of the same";
}

}  // namespace
}  // namespace aludel::curate
