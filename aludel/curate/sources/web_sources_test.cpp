#include <atomic>
#include <set>
#include <string>

#include "tests/curate_run.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/curate/revisit/explain.h"
#include "aludel/curate/revisit/forget/forget.h"
#include "aludel/curate/run/stored_run.h"
#include "aludel/io/formats/warc.h"
#include "aludel/io/forwarding_file_system.h"

// Tests what layer `language` does to web archives before it looks at a page's text.
namespace aludel::curate {
namespace {

constexpr std::string_view kConfig = R"(
task_megabytes = 1
[layers]
metrics = "off"
repetition = "off"
correction = "off"
perplexity = "off"
quality = "off"
paragraph_dedup = "off"
minhash_dedup = "off"
exact_dedup = "off"
safety = "off"
topic = "off"
semantic = "off"
)";

constexpr std::string_view kWebSources = R"(
[[sources]]
name = "crawl"
path = "crawl"
)";

struct Page {
  std::string url;
  std::string date;
  std::string text;
  std::string header;
};

class WebSources : public CurateRun {
 protected:
  void write_archive(const std::string& name, const std::vector<Page>& pages) {
    ASSERT_TRUE(files_.make_folders(folder_ / "crawl"));
    auto writer = io::WarcWriter::create(files_, folder_ / ("crawl/" + name)).value();
    for (const Page& page : pages) {
      const std::string head =
          "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + page.header + "\r\n";
      std::string body = "<html><body><div class=content>";
      for (int i = 0; i < 3; ++i) {
        body += "<p>" + page.text +
                " The library opens at nine, and readers may take up to ten books home, which they "
                "have to bring back after four weeks.</p>";
      }
      ASSERT_TRUE(writer.write_response(page.url, page.date, head, body + "</div></body></html>"));
    }
    ASSERT_TRUE(writer.commit());
  }

  std::map<std::string, std::string> reasons(const std::string& out) {
    std::map<std::string, std::string> by_url;
    for (const Document& document : documents(out + "/rejects")) {
      by_url[document.url + " " + document.date] = document.reason;
    }
    return by_url;
  }
};

TEST_F(WebSources, KeepTheNewestCaptureForAnyNumberOfWorkers) {
  write_archive("a.warc.gz", {{"http://a.example/", "2020-01-01T00:00:00Z", "Old.", ""},
                              {"http://b.example/", "2021-01-01T00:00:00Z", "Only.", ""}});
  write_archive("b.warc.gz", {{"https://www.a.example", "2024-01-01T00:00:00Z", "New.", ""},
                              {"http://a.example/other", "2019-01-01T00:00:00Z", "Other.", ""}});
  write_archive("c.warc.gz", {{"http://a.example/#x", "2023-01-01T00:00:00Z", "Between.", ""}});
  toml_ = std::string(kConfig) + std::string(kWebSources);
  ASSERT_TRUE(run("one", 1));
  ASSERT_TRUE(run("two", 2));
  ASSERT_TRUE(run("seven", 7));
  EXPECT_EQ(content("one"), content("two"));
  EXPECT_EQ(content("one"), content("seven"));
  const Json language = row("one", "crawl", "language");
  EXPECT_EQ(language.integer_or("in", 0), 5);
  EXPECT_EQ(language.find("dropped")->dump(), R"({"older_capture":2})");
  const auto dropped = reasons("one");
  EXPECT_EQ(dropped.at("http://a.example/ 2020-01-01T00:00:00Z"), "older_capture");
  EXPECT_EQ(dropped.at("http://a.example/#x 2023-01-01T00:00:00Z"), "older_capture");
  // A newer archive changes which pages of the others are dropped, and the run notices it.
  write_archive("d.warc.gz", {{"http://b.example/", "2025-01-01T00:00:00Z", "Newer.", ""}});
  ASSERT_TRUE(run("one", 2, io::Existing::replace));
  EXPECT_EQ(reasons("one").at("http://b.example/ 2021-01-01T00:00:00Z"), "older_capture");
}

TEST_F(WebSources, KeepEveryCaptureWhenToldSo) {
  write_archive("a.warc.gz", {{"http://a.example/", "2020-01-01T00:00:00Z", "Old.", ""},
                              {"http://a.example/", "2021-01-01T00:00:00Z", "New.", ""}});
  toml_ = std::string(kConfig) + "[layers.language]\nnewest_captures = false\n" +
          std::string(kWebSources);
  ASSERT_TRUE(run("out"));
  EXPECT_EQ(documents("out/kept").size(), 2U);
}

/// The disk, with a count of the bytes that are read of archives.
class CountingDisk final : public io::ForwardingFileSystem {
 public:
  explicit CountingDisk(io::FileSystem& disk) : disk_(disk) {}

  using FileSystem::open;

  Result<std::unique_ptr<io::ByteReader>> open(const std::string& path,
                                               std::uint64_t offset) override {
    auto reader = disk_.open(path, offset);
    if (!reader || !path.ends_with(".warc.gz")) return reader;
    return std::unique_ptr<io::ByteReader>(
        std::make_unique<Counted>(std::move(reader).value(), archive_bytes));
  }

  std::atomic<std::uint64_t> archive_bytes = 0;

 private:
  class Counted final : public io::ByteReader {
   public:
    Counted(std::unique_ptr<io::ByteReader> inner, std::atomic<std::uint64_t>& bytes)
        : inner_(std::move(inner)), bytes_(bytes) {}

    Result<std::size_t> read(std::span<char> out) override {
      auto count = inner_->read(out);
      if (count) bytes_ += count.value();
      return count;
    }

   private:
    std::unique_ptr<io::ByteReader> inner_;
    std::atomic<std::uint64_t>& bytes_;
  };

  io::FileSystem& behind(const std::string& path) override {
    static_cast<void>(path);
    return disk_;
  }

  io::FileSystem& disk_;
};

TEST_F(WebSources, AreReadTwiceAndOnceWhereCapturesAreNotCompared) {
  Rng rng(1, 0);
  std::vector<Page> pages;
  for (int i = 0; i < 60; ++i) {
    std::string text;
    while (text.size() < 100'000)
      text += sentence(rng) + " ";
    pages.push_back({fmt::format("http://a.example/{}", i), "2020-01-01T00:00:00Z", text, ""});
  }
  write_archive("a.warc.gz", pages);
  const auto times_read = [&](const std::string& out, std::string_view layers) {
    toml_ = std::string(kConfig.substr(kConfig.find("[layers]")));  // one part
    toml_ += std::string(layers) + std::string(kWebSources);
    CountingDisk disk(files_);
    Threads threads(2);
    EXPECT_TRUE(curate(disk, threads, config(out), io::Existing::keep));
    const std::uint64_t size = files_.info(folder_ / "crawl/a.warc.gz").value().size_bytes;
    // What is read of its beginning, to know what it is, is below half a megabyte a reading.
    return static_cast<double>(disk.archive_bytes) / static_cast<double>(size);
  };
  EXPECT_NEAR(times_read("compared", ""), 2.2, 0.2);
  EXPECT_NEAR(times_read("every", "[layers.language]\nnewest_captures = false\n"), 1.1, 0.1);
}

TEST_F(WebSources, CountEachSignalOfConsentApart) {
  write_archive(
      "a.warc.gz",
      {{"http://a.example/", "2020-01-01T00:00:00Z", "One.", "X-Robots-Tag: noai\r\n"},
       {"http://b.example/", "2020-01-01T00:00:00Z", "Two.",
        "X-Robots-Tag: noindex\r\nx-robots-tag: otherbot: noimageai\r\n"},
       {"http://c.example/", "2020-01-01T00:00:00Z", "Three.", "TDM-Reservation: 1\r\n"},
       {"http://d.example/", "2020-01-01T00:00:00Z", "<meta name=robots content=noai>Four.", ""},
       {"http://e.example/togel", "2020-01-01T00:00:00Z", "Five.", ""},
       {"http://f.example/", "2020-01-01T00:00:00Z", "Six.", "TDM-Reservation: 0\r\n"}});
  toml_ = std::string(kConfig) + std::string(kWebSources);
  ASSERT_TRUE(run("out"));
  EXPECT_EQ(row("out", "crawl", "language").find("dropped")->dump(),
            R"({"hard_url_word":1,"noai":2,"noimageai":1,"tdm_reservation":1})");
  EXPECT_EQ(documents("out/kept").size(), 1U);
}

/// Returns pages that layer `language` drops, for each of its reasons, and some that it keeps.
std::vector<Page> pages_of_each_fate() {
  std::string german;
  for (int i = 0; i < 9; ++i) {
    german +=
        "Die Bibliothek öffnet um neun Uhr. Leser dürfen zehn Bücher mit nach Hause nehmen, und "
        "müssen sie nach vier Wochen wieder abgeben. ";
  }
  const std::string early = "2020-01-01T00:00:00Z";
  const std::string late = "2024-01-01T00:00:00Z";
  const std::string noai = "X-Robots-Tag: noai\r\n";
  return {{"http://a.example/", early, "Old.", ""},
          {"http://a.example/", late, "New.", ""},
          {"http://b.example/", early, "Old and withheld.", noai},
          {"http://b.example/", late, "New.", ""},
          {"http://c.example/", early, "Withheld.", "TDM-Reservation: 1\r\n"},
          {"http://d.example/", early, "<meta name=robots content=noai>In markup.", ""},
          {"http://e.example/togel", early, "Blocked.", ""},
          {"http://f.example/casino", early, "Both.", noai},
          {"http://g.example/casino", early, "<meta name=robots content=noai>Both.", ""},
          {"http://h.example/", early, german, ""},
          {"http://i.example/", early, "Plain.", ""}};
}

const std::set<std::string> kWithheld = {"http://b.example/ 2020", "http://c.example/ 2020",
                                         "http://d.example/ 2020", "http://f.example/casino 2020",
                                         "http://g.example/casino 2020"};

TEST_F(WebSources, KeepWhatIsNotWithheldWhenAnnotated) {
  write_archive("a.warc.gz", pages_of_each_fate());
  toml_ = "annotate = true\n" + std::string(kConfig) + std::string(kWebSources);
  ASSERT_TRUE(run("all"));
  std::map<std::string, std::string> texts;
  for (const Document& document : documents("all/kept")) {
    texts[document.url + " " + document.date.substr(0, 4)] = document.text;
  }
  EXPECT_EQ(texts.size(), 11U);
  for (const auto& [page, text] : texts) {
    EXPECT_EQ(text.empty(), kWithheld.contains(page)) << page;
  }
}

TEST_F(WebSources, AreDecidedAgainAsTheyWereWithoutBeingRead) {
  write_archive("a.warc.gz", pages_of_each_fate());
  const std::string layers = std::string(kConfig) + std::string(kWebSources);
  const std::string looser = "[layers.language]\nlanguages = [\"en\", \"de\"]\n";
  toml_ = layers;
  ASSERT_TRUE(run("fresh0"));
  toml_ = layers + looser;
  ASSERT_TRUE(run("fresh1"));
  toml_ = "annotate = true\n" + layers;
  ASSERT_TRUE(run("all"));
  ASSERT_TRUE(files_.remove(folder_ / "crawl"));
  const auto stored = StoredRun::open(files_, folder_ / "all");
  ASSERT_TRUE(stored) << stored.error().message;
  const std::string configs[] = {"", std::string(kConfig) + looser};
  for (std::size_t i = 0; i < std::size(configs); ++i) {
    SCOPED_TRACE(i);
    const std::string again = fmt::format("again{}", i);
    const std::string fresh = fmt::format("fresh{}", i);
    auto config = config_over_run(stored.value(), configs[i], "test", {});
    ASSERT_TRUE(config) << config.error().message;
    config.value().out = folder_ / again;
    Threads threads(2);
    const auto summary = curate(files_, threads, config.value());
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(reasons(again), reasons(fresh));
    EXPECT_EQ(ledger(again).dump_pretty(), ledger(fresh).dump_pretty());
    const auto kept = documents(again + "/kept");
    const auto expected = documents(fresh + "/kept");
    ASSERT_EQ(kept.size(), expected.size());
    EXPECT_EQ(kept.size(), 3U + i);
    for (std::size_t k = 0; k < kept.size(); ++k) {
      EXPECT_EQ(kept[k].id, expected[k].id);
      EXPECT_EQ(kept[k].text, expected[k].text);
    }
  }
}

TEST_F(WebSources, AreExplainedBehindALayerThatReadsNoneOfThem) {
  write_archive("a.warc.gz", pages_of_each_fate());
  toml_ = std::string(kConfig) + std::string(kWebSources);
  ASSERT_TRUE(run("out"));
  Threads threads(1);
  for (const Document& document : documents("out/rejects")) {
    const auto explanation = explain(files_, threads, folder_ / "out", document.id, "");
    ASSERT_TRUE(explanation) << explanation.error().message;
    const Json& row = explanation.value().find("layers")->as_array().front();
    EXPECT_EQ(row.string_or("reason", ""), document.reason);
    EXPECT_EQ(row.string_or("decision", ""), "drop");
    const bool is_read = !kWithheld.contains(document.url + " " + document.date.substr(0, 4));
    EXPECT_EQ(row.find("measured")->find("confidence") != nullptr, is_read) << document.url;
  }
}

TEST_F(WebSources, DoNotLoseAnOlderCaptureToAForgottenOne) {
  write_archive("a.warc.gz", {{"http://a.example/", "2020-01-01T00:00:00Z", "Old.", ""},
                              {"http://a.example/", "2024-01-01T00:00:00Z", "New.", ""}});
  toml_ = std::string(kConfig) + std::string(kWebSources);
  ASSERT_TRUE(run("out"));
  const std::string newest = documents("out/kept").at(0).id;
  write("list.txt", newest);
  Threads threads(1);
  const auto summary = forget(files_, threads, {folder_ / "out", folder_ / "list.txt", {}, ""});
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(io::decompress_zstd(content("out").at("state/language/00000.jsonl.zst"), 1 << 20)
                .value()
                .find(newest),
            std::string::npos);
  toml_ += "[layers.language]\nmin_confidence = 0.5\n";
  ASSERT_TRUE(run("out", 2, io::Existing::replace));
  ASSERT_EQ(documents("out/kept").size(), 1U);
  EXPECT_TRUE(documents("out/kept")[0].date.starts_with("2020"));
}

}  // namespace
}  // namespace aludel::curate
