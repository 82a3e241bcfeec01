#include "tests/shared_data.h"
#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/io/digest.h"
#include "aludel/io/formats/warc.h"

namespace aludel::io {
namespace {

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
constexpr std::string_view kDate = "2024-05-18T01:58:10Z";

struct Read {
  std::vector<WebPage> pages;
  Counts skipped;
  Counts defects;
};

class WarcPagesTest : public testing::Test {
 protected:
  Read read_path(const std::string& path) {
    auto reader = WebPageReader::open(files_, path);
    EXPECT_TRUE(reader.has_value()) << reader.error().message;
    Read result;
    while (auto page = reader.value().next().value()) {
      result.pages.push_back(std::move(*page));
    }
    result.skipped = reader.value().skipped();
    result.defects = reader.value().defects();
    return result;
  }

  Read read_shared(std::string_view name) {
    return read_path(shared_data("web/warc/" + std::string(name)));
  }

  /// Writes one archive with a warcinfo record and two pages.
  void write_archive(const std::string& path) {
    auto writer = WarcWriter::create(files_, path).value();
    ASSERT_TRUE(writer.write_info(kDate, {{"software", "aludel"}}).has_value());
    ASSERT_TRUE(writer.write_response("http://a/1", kDate, kHead, "<p>one</p>").has_value());
    ASSERT_TRUE(
        writer.write_response("http://a/2", kDate, kHead, std::string(9'000'000, 'x')).has_value());
    ASSERT_TRUE(writer.commit().has_value());
    EXPECT_EQ(writer.size_bytes(), files_.info(path).value().size_bytes);
  }

  TemporaryFolder folder_;
  LocalFileSystem files_;
};

#define ALUDEL_NEEDS_SHARED_ARCHIVES() \
  if (shared_data("web/warc").empty()) GTEST_SKIP() << "no shared data"

TEST_F(WarcPagesTest, ReadBackWhatTheWriterWrites) {
  for (const char* name : {"a.warc", "a.warc.gz", "a.warc.zst"}) {
    write_archive(folder_ / name);
    const Read read = read_path(folder_ / name);
    ASSERT_EQ(read.pages.size(), 2U);
    EXPECT_EQ(read.pages[0].uri, "http://a/1");
    EXPECT_EQ(read.pages[0].date, kDate);
    EXPECT_EQ(read.pages[0].content_type, "text/html");
    EXPECT_EQ(read.pages[0].body, "<p>one</p>");
    EXPECT_EQ(read.pages[1].body.size(), 9'000'000U);
    EXPECT_EQ(read.skipped, (Counts{{"type warcinfo", 1}}));
    EXPECT_TRUE(read.defects.empty());
    const std::string first = read_file(files_, folder_ / name).value();
    write_archive(folder_ / name);
    EXPECT_EQ(read_file(files_, folder_ / name).value(), first) << "the same bytes every time";
  }
}

TEST_F(WarcPagesTest, HaveAMemberForEachRecord) {
  write_archive(folder_ / "a.warc.gz");
  auto reader = WarcReader::open(files_, folder_ / "a.warc.gz").value();
  std::vector<std::uint64_t> offsets;
  while (const auto record = reader.next().value()) {
    offsets.push_back(record->offset);
    EXPECT_EQ(record->headers.get("WARC-Block-Digest"), sha1_digest(record->block));
    EXPECT_EQ(record->id.size(), std::string_view("urn:uuid:").size() + 36);
  }
  ASSERT_EQ(offsets.size(), 3U);
  EXPECT_LT(offsets[0], offsets[1]);
  EXPECT_LT(offsets[1], offsets[2]);
}

TEST_F(WarcPagesTest, AreCountedWhenSkipped) {
  auto writer = WarcWriter::create(files_, folder_ / "a.warc").value();
  const auto add = [&writer](std::string_view head, std::string_view body,
                             std::string_view uri = "http://a/") {
    ASSERT_TRUE(writer.write_response(uri, kDate, head, body).has_value());
  };
  add(kHead, "kept");
  add("HTTP/1.1 404 No\r\nContent-Type: text/html\r\n\r\n", "x");
  add("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n", "x");
  add("HTTP/1.1 200 OK\r\n\r\n", "x");
  add("HTTP/1.1 200 OK\r\n\r\n", "<!DOCTYPE html><html>kept");
  add(kHead, "");
  add("nonsense", "");
  add(kHead, "x", "dns:example.com");
  add("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: zzz\r\n\r\n", "kept");
  add("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n",
      std::string("\x89PNG\r\n\x1A\n", 8));
  add("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", std::string(100, '\x01'));
  add("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
      "4\r\nkept\r\nwrong");
  ASSERT_TRUE(writer.commit().has_value());
  const Read read = read_path(folder_ / "a.warc");
  EXPECT_EQ(read.pages.size(), 4U);
  EXPECT_EQ(read.skipped, (Counts{{"bad http", 1},
                                  {"binary", 2},
                                  {"empty", 1},
                                  {"media type image/png", 1},
                                  {"media type unknown", 1},
                                  {"no http", 1},
                                  {"status 404", 1}}));
  EXPECT_EQ(read.defects, (Counts{{"http content coding unknown", 1}, {"http wrong chunks", 1}}));
}

TEST_F(WarcPagesTest, HaveTheTypeThatCountsOfSeveral) {
  auto writer = WarcWriter::create(files_, folder_ / "a.warc").value();
  for (const char* fields : {"Content-Type: image/png\r\nContent-Type: text/html; charset=gbk\r\n",
                             "Content-Type: text/html; charset=gbk, text/html\r\n",
                             "Content-Type: text/html; charset=gbk\r\nContent-Type: */*\r\n",
                             "Content-Type:\r\n text/html; charset=gbk\r\n"}) {
    ASSERT_TRUE(writer.write_response("http://a/", kDate,
                                      fmt::format("HTTP/1.1 200 OK\r\n{}\r\n", fields), "x"));
  }
  ASSERT_TRUE(writer.commit().has_value());
  const Read read = read_path(folder_ / "a.warc");
  ASSERT_EQ(read.pages.size(), 4U);
  for (const WebPage& page : read.pages) {
    EXPECT_TRUE(page.content_type.starts_with("text/html")) << page.content_type;
    EXPECT_TRUE(page.content_type.ends_with("; charset=gbk")) << page.content_type;
  }
}

TEST_F(WarcPagesTest, OfCommonCrawlAreAllFound) {
  ALUDEL_NEEDS_SHARED_ARCHIVES();
  const Read read = read_shared("cc2020-16pages-zh.warc.gz");
  EXPECT_EQ(read.pages.size(), 16U);
  EXPECT_EQ(read.skipped,
            (Counts{{"type metadata", 16}, {"type request", 17}, {"type warcinfo", 1}}));
  EXPECT_TRUE(read.defects.empty());
  const Read one = read_shared("whirlwind.warc.gz");
  ASSERT_EQ(one.pages.size(), 1U);
  EXPECT_EQ(one.pages[0].uri, "https://an.wikipedia.org/wiki/Escopete");
  EXPECT_EQ(one.pages[0].date, "2024-05-18T01:58:10Z");
  EXPECT_EQ(one.pages[0].content_type, "text/html; charset=UTF-8");
  const Read text = read_shared("whirlwind.warc.wet.gz");
  ASSERT_EQ(text.pages.size(), 1U) << "a WET file's conversions are pages of plain text";
  EXPECT_EQ(text.pages[0].content_type, "text/plain");
}

TEST_F(WarcPagesTest, OfWgetAreAllFound) {
  ALUDEL_NEEDS_SHARED_ARCHIVES();
  const Read read = read_shared("dolma-sample-0000.warc.gz");
  EXPECT_EQ(read.pages.size(), 22U);
  EXPECT_EQ(read.pages[0].uri.find('<'), std::string::npos);
  EXPECT_EQ(
      read.skipped,
      (Counts{
          {"type metadata", 1}, {"type request", 22}, {"type resource", 2}, {"type warcinfo", 1}}));
  EXPECT_TRUE(read.defects.empty());
  for (const WebPage& page : read.pages) {
    EXPECT_NE(page.body.find('<'), std::string::npos);
    EXPECT_GT(page.body.size(), 1000U) << page.uri;
  }
}

TEST_F(WarcPagesTest, OfDamagedArchivesAreKeptBeforeTheDamage) {
  ALUDEL_NEEDS_SHARED_ARCHIVES();
  const Read clipped = read_shared("clipped.warc.gz");
  EXPECT_TRUE(clipped.pages.empty()) << "its only record was cut";
  EXPECT_EQ(clipped.defects, (Counts{{"damaged_member", 1}}));

  const Read short_length = read_shared("edge/example-trunc.warc");
  ASSERT_EQ(short_length.pages.size(), 1U);
  EXPECT_NE(short_length.pages[0].body.find("</html>"), std::string::npos);
  EXPECT_EQ(short_length.defects, (Counts{{"length_too_short", 1}}));

  const Read spread = read_shared("edge/example-wrong-chunks.warc.gz");
  ASSERT_EQ(spread.pages.size(), 1U) << "header and body lie in two gzip members";
  EXPECT_NE(spread.pages[0].body.find("</html>"), std::string::npos);
  EXPECT_TRUE(spread.defects.empty());

  const Read chunked = read_shared("edge/example-iana.org-chunked.warc");
  ASSERT_EQ(chunked.pages.size(), 1U);
  EXPECT_TRUE(chunked.pages[0].body.starts_with("<!doctype html>"));
  EXPECT_EQ(chunked.pages[0].body.size(), 7223U);

  EXPECT_EQ(read_shared("edge/example-digest.warc").skipped, (Counts{{"type request", 4}}));
}

TEST_F(WarcPagesTest, HaveDigestsAsOtherToolsWriteThem) {
  EXPECT_EQ(sha1_digest(""), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
  ALUDEL_NEEDS_SHARED_ARCHIVES();
  for (const char* name : {"whirlwind.warc.gz", "dolma-sample-0000.warc.gz"}) {
    auto reader = WarcReader::open(files_, shared_data("web/warc/" + std::string(name))).value();
    int checked = 0;
    while (const auto record = reader.next().value()) {
      const std::string_view digest = record->headers.get("WARC-Block-Digest");
      if (digest.empty()) continue;
      EXPECT_EQ(sha1_digest(record->block), digest) << record->id;
      ++checked;
    }
    EXPECT_GE(checked, 3);
  }
}

}  // namespace
}  // namespace aludel::io
