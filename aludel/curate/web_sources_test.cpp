#include <string>

#include "tests/curate_run.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/io/formats/warc.h"

// What layer `language` does to web archives before a page's text is looked at.
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

constexpr std::string_view kSources = R"(
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
  toml_ = std::string(kConfig) + std::string(kSources);
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
  // A newer archive changes what is dropped of the others, and the run notices.
  write_archive("d.warc.gz", {{"http://b.example/", "2025-01-01T00:00:00Z", "Newer.", ""}});
  ASSERT_TRUE(run("one", 2));
  EXPECT_EQ(reasons("one").at("http://b.example/ 2021-01-01T00:00:00Z"), "older_capture");
}

TEST_F(WebSources, KeepEveryCaptureWhenToldSo) {
  write_archive("a.warc.gz", {{"http://a.example/", "2020-01-01T00:00:00Z", "Old.", ""},
                              {"http://a.example/", "2021-01-01T00:00:00Z", "New.", ""}});
  toml_ =
      std::string(kConfig) + "[layers.language]\nnewest_captures = false\n" + std::string(kSources);
  ASSERT_TRUE(run("out"));
  EXPECT_EQ(documents("out/kept").size(), 2U);
}

TEST_F(WebSources, CountEachSignalOfConsentApart) {
  write_archive(
      "a.warc.gz",
      {{"http://a.example/", "2020-01-01T00:00:00Z", "One.", "X-Robots-Tag: noai\r\n"},
       {"http://b.example/", "2020-01-01T00:00:00Z", "Two.",
        "X-Robots-Tag: noindex\r\nx-robots-tag: otherbot: noimageai\r\n"},
       {"http://c.example/", "2020-01-01T00:00:00Z", "Three.", "TDM-Reservation: 1\r\n"},
       {"http://d.example/", "2020-01-01T00:00:00Z", "<meta name=robots content=noai>Four.", ""},
       {"http://e.example/casino", "2020-01-01T00:00:00Z", "Five.", ""},
       {"http://f.example/", "2020-01-01T00:00:00Z", "Six.", "TDM-Reservation: 0\r\n"}});
  toml_ = std::string(kConfig) + std::string(kSources);
  ASSERT_TRUE(run("out"));
  EXPECT_EQ(row("out", "crawl", "language").find("dropped")->dump(),
            R"({"hard_url_word":1,"noai":2,"noimageai":1,"tdm_reservation":1})");
  EXPECT_EQ(documents("out/kept").size(), 1U);
}

}  // namespace
}  // namespace aludel::curate
