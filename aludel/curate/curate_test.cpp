#include "aludel/curate/curate.h"

#include <csignal>
#include <map>

#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/base/stop.h"
#include "aludel/curate/ledger.h"
#include "aludel/io/codec.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

/// A sentence of made-up words with Gopher's stop words.
std::string sentence(Rng& rng) {
  std::string text = "The";
  for (int word = 0; word < 12; ++word) {
    text += ' ';
    for (std::uint64_t i = 0, length = 3 + rng.below(6); i < length; ++i) {
      text += static_cast<char>('a' + rng.below(26));
    }
  }
  return text + " of that.";
}

std::string page(std::uint64_t number) {
  Rng rng(1, number);
  std::string text;
  for (int line = 0; line < 8; ++line) {
    text += sentence(rng) + " " + sentence(rng) + "\n";
  }
  return text;
}

std::string jsonl(std::uint64_t first, std::uint64_t count) {
  std::string lines;
  for (std::uint64_t i = first; i < first + count; ++i) {
    Json json = Json::object();
    json["id"] = fmt::format("page {}", i);
    json["text"] = page(i);
    lines += json.dump() + "\n";
  }
  return lines;
}

class Curate : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view bytes) {
    const std::string path = folder_ / name;
    ASSERT_TRUE(files_.make_folders(io::folder_of(path)));
    ASSERT_TRUE(io::write_file(files_, path, bytes));
  }

  /// Sources of each format, with defects; layers that need trained models are off.
  CurateConfig config(const std::string& out) {
    CurateConfig config = read_curate_config(toml_, "t.toml", {}).value();
    config.out = folder_ / out;
    for (SourceConfig& source : config.sources) {
      source.path[0] = folder_ / source.path[0];
    }
    return config;
  }

  Result<CurateSummary> run(const std::string& out, int workers = 2) {
    Threads threads(workers);
    return curate(files_, threads, config(out));
  }

  /// Every file of a run but its timing, by path.
  std::map<std::string, std::string> content(const std::string& out) {
    std::map<std::string, std::string> all;
    for (const io::FileInfo& file : files_.list(folder_ / out).value()) {
      const std::string name = file.path.substr((folder_ / out).size());
      if (name != "/report/timing.json") all[name] = io::read_file(files_, file.path).value();
    }
    return all;
  }

  Json ledger(const std::string& out) {
    return parse_json(io::read_file(files_, folder_ / (out + "/ledger.json")).value()).value();
  }

  /// The row of one layer of one source.
  Json row(const std::string& out, std::string_view source, std::string_view layer) {
    const Json all = ledger(out);
    for (const Json& row : all.find("sources")->find(source)->find("layers")->as_array()) {
      if (row.string_or("name", "") == layer) return row;
    }
    return Json();
  }

  std::vector<Document> documents(const std::string& folder) {
    std::vector<Document> all;
    for (const io::FileInfo& file : files_.list(folder_ / folder).value()) {
      auto reader = io::JsonlReader::open(files_, file.path).value();
      for (Json json; reader.next(json).value();) {
        all.push_back(document_from_json(json).value());
      }
    }
    return all;
  }

  void write_sources() {
    write("open/a.jsonl", jsonl(0, 40) + "{bad\n" + jsonl(10, 1));  // the last one is a copy
    write("open/b.jsonl.gz", io::compress_gzip(jsonl(40, 20)));
    write("open/c.bin", "?");
    write("books/one.txt", page(100) + page(101));
    write("books/short.txt", "Too short.");
    toml_ = std::string(kLayersOff) + R"(
[[sources]]
name = "open"
kind = "open"
path = "open"
licence = "CC0-1.0"
[[sources]]
name = "books"
kind = "licensed"
profile = "book"
path = "books"
licence = "LicenseRef-own"
[profiles.book]
repetition = "off"
)";
  }

  static constexpr std::string_view kLayersOff =
      "preset = \"rules\"\ntask_megabytes = 1\n[layers]\nlanguage = \"off\"\n";
  std::string toml_;
  TemporaryFolder folder_;
  io::LocalFileSystem files_;
};

TEST_F(Curate, KeepsDropsAndCountsEveryDocument) {
  write_sources();
  const auto summary = run("out");
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary.value().documents_in, 65U);  // 61 + bad line + unknown file + two books
  EXPECT_EQ(summary.value().documents_kept, 61U);
  const Json read = row("out", "open", "read");
  EXPECT_EQ(read.integer_or("in", 0), 63);
  EXPECT_EQ(read.find("dropped")->dump(), R"({"bad_json":1,"unknown_format":1})");
  EXPECT_EQ(row("out", "books", "metrics").find("dropped")->dump(), R"({"too_few_words":1})");
  EXPECT_TRUE(row("out", "books", "repetition").bool_or("off", false));
  EXPECT_EQ(row("out", "books", "repetition").find("kept"), nullptr);
  EXPECT_TRUE(row("out", "open", "language").is_null() ||
              row("out", "open", "language").bool_or("off", false));
  EXPECT_TRUE(check_ledger(ledger("out")));
  EXPECT_FALSE(files_.list(folder_ / "out/work")) << "intermediates are removed";
}

TEST_F(Curate, WritesDocumentsThatSayWhereTheyAreFromAndRejectsThatSayWhy) {
  write_sources();
  ASSERT_TRUE(run("out"));
  const auto kept = documents("out/kept");
  ASSERT_EQ(kept.size(), 61U);
  std::map<std::string, int> ids;
  for (const Document& document : kept) {
    ++ids[document.id];
    EXPECT_TRUE(document.rejected_by.empty());
    EXPECT_NE(document.annotations.find("metrics"), nullptr);
  }
  EXPECT_EQ(ids.size(), kept.size()) << "ids are unique";
  EXPECT_EQ(kept[0].annotations.find("read")->string_or("id", ""), "page 0");
  EXPECT_EQ(kept[0].kind, "open");
  EXPECT_EQ(kept.back().profile, "book");
  EXPECT_EQ(kept.back().url, "one.txt");
  EXPECT_EQ(kept.back().licence, "LicenseRef-own");
  bool found = false;
  for (const Document& document : documents("out/rejects")) {
    EXPECT_FALSE(document.rejected_by.empty());
    found = found || (document.text == "Too short." && document.reason == "too_few_words" &&
                      document.rejected_by == "metrics" && document.score > 1);
  }
  EXPECT_TRUE(found);
}

TEST_F(Curate, LeavesTheSameBytesForAnyNumberOfWorkers) {
  write_sources();
  for (int i = 0; i < 6; ++i) {  // several shards, one cut out of a larger file
    write(fmt::format("open/d{}.jsonl", i), jsonl(200 + 100U * static_cast<unsigned>(i), 100));
  }
  write("open/e.jsonl", jsonl(1000, 1200));
  ASSERT_TRUE(run("one", 1));
  ASSERT_TRUE(run("two", 2));
  ASSERT_TRUE(run("seven", 7));
  const auto one = content("one");
  EXPECT_GE(documents("one/kept").size(), 1850U);
  EXPECT_GT(files_.list(folder_ / "one/kept").value().size(), 3U);
  EXPECT_EQ(one, content("two"));
  EXPECT_EQ(one, content("seven"));
}

TEST_F(Curate, CutsAFileWithoutLosingOrDoublingALine) {
  write("open/e.jsonl", jsonl(0, 3000));
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"open\"\npath = \"open\"\n";
  ASSERT_TRUE(run("out"));
  EXPECT_GT(files_.list(folder_ / "out/kept").value().size(), 2U);
  EXPECT_EQ(row("out", "open", "read").integer_or("in", 0), 3000);
  const auto kept = documents("out/kept");
  ASSERT_EQ(kept.size(), 3000U);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    ASSERT_EQ(kept[i].annotations.find("read")->string_or("id", ""), fmt::format("page {}", i));
  }
}

TEST_F(Curate, GoesOnAfterAStopAndLeavesTheSameBytes) {
  write_sources();
  ASSERT_TRUE(run("whole"));
  catch_stop_signals();
  std::raise(SIGTERM);
  const auto stopped = run("stopped");
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Code::cancelled);
  catch_stop_signals();
  ASSERT_TRUE(run("stopped"));
  EXPECT_EQ(content("whole"), content("stopped"));
}

TEST_F(Curate, DoesNothingForARunThatIsDoneAndMendsOneThatIsDamaged) {
  write_sources();
  ASSERT_TRUE(run("out"));
  const auto before = content("out");
  EXPECT_TRUE(run("out").value().was_done_before);
  ASSERT_TRUE(files_.remove(folder_ / "out/kept/00000.jsonl.zst"));
  EXPECT_FALSE(run("out").value().was_done_before);
  EXPECT_EQ(content("out"), before);
  ASSERT_TRUE(add_tokens(files_, folder_ / "out", {{"open", 7}}));
  EXPECT_TRUE(run("out").value().was_done_before) << "the ledger may be completed later";
}

TEST_F(Curate, DoesAgainWhatAChangedConfigOrSourceChanges) {
  write_sources();
  ASSERT_TRUE(run("out"));
  write("books/two.txt", page(300));
  EXPECT_EQ(run("out").value().documents_kept, 62U);
  toml_ += "[layers.metrics]\nmin_words = 1000000\n";
  EXPECT_EQ(run("out").value().documents_kept, 0U);
}

TEST_F(Curate, CountsATruncatedGzipAndGoesOn) {
  const std::string gzip = io::compress_gzip(jsonl(0, 50));
  write("open/clipped.jsonl.gz", std::string_view(gzip).substr(0, gzip.size() / 2));
  write("open/whole.jsonl", jsonl(50, 5));
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"open\"\npath = \"open\"\n";
  ASSERT_TRUE(run("out"));
  const Json read = row("out", "open", "read");
  EXPECT_EQ(read.find("dropped")->integer_or("damaged_file", 0), 1);
  EXPECT_GE(read.integer_or("kept", 0), 10);
  EXPECT_LT(read.integer_or("kept", 0), 55);
}

TEST_F(Curate, AnnotatesInsteadOfDropping) {
  write_sources();
  Threads threads(2);
  CurateConfig annotate = config("out");
  annotate.annotate = true;
  EXPECT_EQ(curate(files_, threads, annotate).value().documents_kept, 63U);
  bool found = false;
  for (const Document& document : documents("out/kept")) {
    const Json* metrics = document.annotations.find("metrics");
    found = found || metrics->string_or("would_drop", "") == "too_few_words";
  }
  EXPECT_TRUE(found);
}

TEST_F(Curate, RefusesEmptyAndMissingSourcesAndForeignFolders) {
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"open\"\npath = \"open\"\n";
  const auto missing = run("out");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::not_found);
  ASSERT_TRUE(files_.make_folders(folder_ / "open"));
  const auto empty = run("out");
  ASSERT_FALSE(empty);
  EXPECT_NE(empty.error().message.find("source 'open': no file in"), std::string::npos);
  write("open/a.jsonl", jsonl(0, 1));
  write("mine/letter.txt", "precious");
  const auto foreign = run("mine");
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, Code::invalid_argument);
  EXPECT_EQ(io::read_file(files_, folder_ / "mine/letter.txt").value(), "precious");
}

TEST_F(Curate, WritesWhatTheReportShows) {
  write_sources();
  ASSERT_TRUE(run("out"));
  const Json report =
      parse_json(io::read_file(files_, folder_ / "out/report/layers.json").value()).value();
  const Json& metrics = report.find("layers")->as_array()[0];
  EXPECT_EQ(metrics.string_or("name", ""), "metrics");
  EXPECT_EQ(metrics.find("scores")->integer_or("documents", 0), 63);
  EXPECT_EQ(metrics.find("scores")->find("kept")->as_array().size(), 40U);
  const Json& sample = metrics.find("samples")->as_array()[0];
  EXPECT_EQ(sample.string_or("what", ""), "too_few_words");
  EXPECT_EQ(sample.string_or("before", ""), "Too short.");
}

}  // namespace
}  // namespace aludel::curate
