// Tests that nothing that a run could not read is lost in silence.
#include "aludel/curate/sources/unread.h"

#include "tests/book_files.h"
#include "tests/curate_run.h"
#include <gtest/gtest.h>

#include "aludel/curate/run/stored_run.h"

namespace aludel::curate {
namespace {

TEST(Unread, AddsUpByReasonAndFileAndNamesTheWorstFirst) {
  Unread unread;
  unread.add({"a.jsonl", "bad_json", 2, "line 3"});
  unread.add({"b.gz", "damaged_file", 1, ""});
  Unread later;
  later.add({"a.jsonl", "bad_json", 3, "line 90"});
  later.add({"c.bin", "unknown_format", 1, ""});
  unread.add(later);
  EXPECT_EQ(unread.records(), 7U);
  EXPECT_EQ(reasons_text(unread.reasons()), "bad_json 5, damaged_file 1, unknown_format 1");
  EXPECT_EQ(worst_files_text(unread),
            "a.jsonl (bad_json 5: line 3), b.gz (damaged_file 1), c.bin (unknown_format 1)");
  EXPECT_EQ(Unread::from_json(unread.to_json()).to_json().dump(), unread.to_json().dump());
}

TEST(Unread, KeepsTheWorstOfManyFilesAndCountsTheOthers) {
  Unread unread;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    unread.add({"f" + std::to_string(i), "empty", i == 7 ? 50U : 1U, ""});
  }
  const Json json = unread.to_json();
  EXPECT_EQ(json.find("files")->as_array().size(), Unread::kMostPlaces);
  EXPECT_EQ(json.find("files")->as_array()[0].string_or("path", ""), "f7");
  EXPECT_EQ(json.integer_or("more_files", 0), 900);
  EXPECT_EQ(unread.records(), 1049U);
}

TEST(Unread, TellsALossFromWhatWasLeftOutOnPurpose) {
  for (const char* lost : {"bad_json", "damaged_file", "too_large", "a_reason_of_tomorrow"}) {
    EXPECT_TRUE(is_loss(lost, true)) << lost;
  }
  for (const char* left : {"http_status", "media_type", "revisit", "forgotten", "not_sampled"}) {
    EXPECT_FALSE(is_loss(left, false)) << left;
  }
  for (const char* nothing : {"empty", "no_text", "unknown_format"}) {
    EXPECT_FALSE(is_loss(nothing, true)) << nothing;
    EXPECT_TRUE(is_loss(nothing, false)) << nothing << ": nothing else came of that file";
  }
}

class BooksWithoutChapters : public CurateRun {};

TEST_F(BooksWithoutChapters, AreNamedInTheLedgerAndTheLastLinesOfEveryRunOverThem) {
  const std::string whole(400, 'a');
  auto files = epub_files("It was a dark night in which nobody slept. " + whole, "The end.");
  write("books/whole.epub", make_zip(files));
  std::string& package = files[2].content;
  package.insert(package.find("</spine>"), "<itemref idref='x'/><itemref idref='y'/>");
  write("books/two.epub", make_zip(files));
  files.pop_back();
  files.pop_back();
  write("books/three.epub", make_zip(files));
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"books\"\npath = \"books\"\n";
  ASSERT_TRUE(run("one", 1));
  ASSERT_TRUE(run("many", 3));
  EXPECT_EQ(ledger("one").dump(), ledger("many").dump());
  const std::string lines = unread_lines(ledger("one"));
  EXPECT_TRUE(lines.starts_with("read without all parts: missing_chapters 5: ")) << lines;
  EXPECT_NE(lines.find("three.epub (missing_chapters 3)"), std::string::npos) << lines;
  EXPECT_NE(lines.find("two.epub (missing_chapters 2)"), std::string::npos) << lines;
  EXPECT_EQ(lines.find("whole.epub"), std::string::npos) << lines;
  EXPECT_EQ(incomplete_of_source(*ledger("one").find("sources")->find("books")).records(), 5U);
  EXPECT_TRUE(unread_of_ledger(ledger("one")).empty()) << "the books were read";
}

class UnreadOfARun : public CurateRun {
 protected:
  void SetUp() override {
    write("open/a.jsonl", jsonl(0, 300) + "{bad\n{worse\n");
    write("open/b.jsonl", "{\"text\":\"\"}\n" + jsonl(300, 3));
    const std::string gzip = io::compress_gzip(jsonl(400, 50));
    write("open/cut.jsonl.gz", std::string_view(gzip).substr(0, gzip.size() / 2));
    write("open/d.bin", "?");
    write("open/e.txt", "");
    toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"open\"\npath = \"open\"\n";
  }

  std::map<std::string, Document> read_rows(const std::string& out) {
    std::map<std::string, Document> rows;  // by file and reason
    for (const Document& document : documents(out + "/rejects")) {
      if (document.rejected_by != kReadLayer) continue;
      const std::string path = document.annotations.find("read")->string_or("path", "");
      rows[path.substr(path.rfind('/') + 1) + " " + document.reason] = document;
    }
    return rows;
  }
};

TEST_F(UnreadOfARun, HasARowInTheRejectsForEachFileAndReason) {
  ASSERT_TRUE(run("out"));
  const auto rows = read_rows("out");
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows.at("a.jsonl bad_json").annotations.find("read")->integer_or("count", 0), 2);
  EXPECT_TRUE(rows.at("a.jsonl bad_json").text.empty());
  EXPECT_EQ(rows.at("a.jsonl bad_json").source, "open");
  for (const char* other :
       {"b.jsonl empty", "cut.jsonl.gz damaged_file", "d.bin unknown_format", "e.txt empty"}) {
    EXPECT_TRUE(rows.contains(other)) << other;
  }
}

TEST_F(UnreadOfARun, IsSaidByFileInTheLedgerAndInTheLastLines) {
  ASSERT_TRUE(run("out"));
  const Json all = ledger("out");
  ASSERT_TRUE(check_ledger(all));
  const Json* not_read = all.find("sources")->find("open")->find("not_read");
  ASSERT_NE(not_read, nullptr);
  EXPECT_EQ(not_read->find("reasons")->dump(),
            R"({"bad_json":2,"damaged_file":1,"empty":1,"unknown_format":1})")
      << "the empty record beside others of b.jsonl is no loss";
  const std::string lines = unread_lines(all);
  EXPECT_NE(lines.find("not read: bad_json 2, damaged_file 1, empty 1, unknown_format 1: see "
                       "rejects/"),
            std::string::npos)
      << lines;
  EXPECT_NE(lines.find("a.jsonl (bad_json 2"), std::string::npos) << lines;
  EXPECT_NE(lines.find("left out: empty 1"), std::string::npos) << lines;
}

TEST_F(UnreadOfARun, LeavesTheSameBytesForAnyNumberOfThreadsAndAgainWhereItIsPacked) {
  ASSERT_TRUE(run("one", 1));
  ASSERT_TRUE(run("many", 5));
  EXPECT_EQ(content("one"), content("many"));
  toml_ = "shard_megabytes = 1\n" + toml_;
  ASSERT_TRUE(run("packed"));
  EXPECT_EQ(read_rows("packed").size(), 5U);
}

TEST_F(UnreadOfARun, IsHandedOnToARunThatReadsItAgain) {
  Threads threads(2);
  CurateConfig annotated = config("all");
  annotated.annotate = true;
  ASSERT_TRUE(curate(files_, threads, annotated));
  const auto stored = StoredRun::open(files_, folder_ / "all").value();
  CurateConfig again = config_over_run(stored, "", "t", {"layers.metrics.min_words=1"}).value();
  again.out = folder_ / "again";
  const auto summary = curate(files_, threads, again);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(read_rows("again").size(), 5U);
  EXPECT_EQ(unread_lines(ledger("again")), unread_lines(ledger("all")));
}

TEST_F(UnreadOfARun, IsAnErrorWhereASourceYieldsNothingAndSaysWhatWasFound) {
  std::string lines;
  for (int i = 0; i < 3; ++i) {
    lines += R"({"content":"A text under another name.","id":7})"
             "\n";
  }
  write("content/a.jsonl", lines);
  write("images/a.png", "PNG");
  write("images/b.png", "PNG");
  for (const char* name : {"content", "images"}) {
    toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"open\"\npath = \"open\"\n" +
            fmt::format("[[sources]]\nname = \"{0}\"\npath = \"{0}\"\n", name);
    const auto nothing = run(std::string("out_") + name);
    ASSERT_FALSE(nothing) << name;
    EXPECT_NE(nothing.error().message.find(fmt::format("source '{}' yields no document", name)),
              std::string::npos)
        << nothing.error().message;
    EXPECT_NE(nothing.error().message.find(fmt::format("{}/a.", name)), std::string::npos)
        << nothing.error().message;
  }
}

TEST_F(UnreadOfARun, CountsFilesThatGaveNothingAsFailuresOfTheSource) {
  for (int i = 0; i < 12; ++i) {
    write(fmt::format("mixed/{}.bin", i), "?");
    write(fmt::format("mixed/{}.txt", i), page(static_cast<std::uint64_t>(i)));
  }
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"mixed\"\npath = \"mixed\"\n";
  const auto stopped = run("out");
  ASSERT_FALSE(stopped);
  EXPECT_NE(stopped.error().message.find("12 of 24 records could not be read (unknown_format 12)"),
            std::string::npos)
      << stopped.error().message;
  toml_ = "max_failures = 0.5\n" + toml_;
  EXPECT_TRUE(run("out"));
}

}  // namespace
}  // namespace aludel::curate
