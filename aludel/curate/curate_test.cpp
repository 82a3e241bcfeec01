#include "aludel/curate/curate.h"

#include <algorithm>
#include <map>

#include "tests/ask_to_stop.h"
#include "tests/curate_run.h"
#include <gtest/gtest.h>

#include "aludel/base/stop.h"
#include "aludel/curate/run/read_failures.h"
#include "aludel/curate/sources/ledger.h"

namespace aludel::curate {
namespace {

class Curate : public CurateRun {};

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
  for (int i = 0; i < 3; ++i) {  // several shards, one cut out of a larger file
    write(fmt::format("open/d{}.jsonl", i), jsonl(200 + 40U * static_cast<unsigned>(i), 40));
  }
  write("open/e.jsonl", jsonl(1000, 1200));
  ASSERT_TRUE(run("one", 1));
  ASSERT_TRUE(run("two", 2));
  ASSERT_TRUE(run("seven", 7));
  const auto one = content("one");
  EXPECT_GE(documents("one/kept").size(), 1350U);
  EXPECT_GT(files_.list(folder_ / "one/kept").value().size(), 3U);
  EXPECT_EQ(one, content("two"));
  EXPECT_EQ(one, content("seven"));
}

TEST_F(Curate, CutsAFileWithoutLosingOrDoublingALine) {
  write("open/e.jsonl", jsonl(0, 3000));
  toml_ = std::string(kLayersOff) +
          "paragraph_dedup = \"off\"\nminhash_dedup = \"off\"\nexact_dedup = \"off\"\n"
          "[[sources]]\nname = \"open\"\npath = \"open\"\n";
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
  ask_to_stop();
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
  EXPECT_EQ(run("out", 2, io::Existing::replace).value().documents_kept, 62U);
  toml_ += "[layers.metrics]\nmin_words = 1000000\n";
  EXPECT_EQ(run("out", 2, io::Existing::replace).value().documents_kept, 0U);
}

TEST_F(Curate, DoesAgainWhatAChangeInTheMiddleOfAFileOrInAListChanges) {
  std::string large = jsonl(0, 300);
  write("open/large.jsonl", large);
  write("words.txt", "hard casino\n");
  toml_ = "preset = \"rules\"\n[layers.language]\nword_lists = \"" + (folder_ / "words.txt") +
          "\"\n[[sources]]\nname = \"open\"\npath = \"open\"\n";
  ASSERT_TRUE(run("out"));
  EXPECT_TRUE(run("out").value().was_done_before);
  const std::string middle = "page 150";
  large.replace(large.find(middle), middle.size(), "page x50");
  write("open/large.jsonl", large);
  EXPECT_FALSE(run("out", 2, io::Existing::replace).value().was_done_before);
  EXPECT_TRUE(run("out").value().was_done_before);
  write("words.txt", "hard poker\n");
  EXPECT_FALSE(run("out", 2, io::Existing::replace).value().was_done_before);
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

TEST_F(Curate, StopsAtASourceOfWhichTooMuchIsUnreadable) {
  std::string bad;
  for (std::uint64_t i = 0; i < kFewFailures - 1; ++i) {
    bad += "{\"text\": \n";
  }
  write("open/a.jsonl", jsonl(0, 40) + bad);
  const std::string source = "[[sources]]\nname = \"open\"\npath = \"open\"\n";
  toml_ = "preset = \"rules\"\n" + source;
  EXPECT_TRUE(run("few")) << "9 of 49, a fifth, but few";
  write("open/a.jsonl", jsonl(0, 40) + bad + "{\n");
  const auto stopped = run("out");
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Code::corrupt_data);
  EXPECT_NE(stopped.error().message.find("source 'open': 10 of 50 records could not be read "
                                         "(bad_json 10), more than max_failures = 0.1; most in " +
                                         (folder_ / "open/a.jsonl") + " (bad_json 10"),
            std::string::npos)
      << stopped.error().message;
  toml_ = "preset = \"rules\"\nmax_failures = 0.2\n" + source;
  EXPECT_EQ(run("out").value().documents_in, 50U);
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
  const Json::Array& values = metrics.find("values")->as_array();
  const auto words = std::ranges::find_if(
      values, [](const Json& value) { return value.string_or("value", "") == "words"; });
  ASSERT_NE(words, values.end());
  EXPECT_EQ(words->integer_or("documents", 0), 63);
  EXPECT_EQ(words->find("kept")->as_array().size(), 40U);
  EXPECT_EQ(words->find("limits")->as_array()[0].string_or("side", ""), "at_least");
  std::map<std::string, int> samples;
  for (const Json& sample : metrics.find("samples")->as_array()) {
    ++samples[sample.string_or("what", "")];
    if (sample.string_or("what", "") == "too_few_words") {
      EXPECT_EQ(sample.string_or("before", ""), "Too short.");
    }
  }
  EXPECT_EQ(samples["kept"], 20);
  EXPECT_EQ(samples["too_few_words"], 1);
  const Json timing =
      parse_json(io::read_file(files_, folder_ / "out/report/timing.json").value()).value();
  EXPECT_GT(timing.find("bytes")->integer_or("metrics", 0), 1000);
  EXPECT_GT(timing.find("seconds")->number_or("metrics", 0), 0);
}

}  // namespace
}  // namespace aludel::curate
