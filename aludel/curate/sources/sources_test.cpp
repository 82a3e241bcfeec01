#include "aludel/curate/sources/sources.h"

#include <set>

#include "tests/book_files.h"
#include "tests/http_server.h"
#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/io/codec.h"
#include "aludel/io/formats/parquet.h"
#include "aludel/io/formats/warc.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/book/book.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kDate = "2024-05-18T01:58:10Z";
constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";

class Sources : public testing::Test {
 protected:
  struct Read {
    std::vector<Document> documents;
    std::map<std::string, std::uint64_t> problems;
    std::size_t shards = 0;
    std::uint64_t truncated = 0;
  };

  void write(const std::string& name, std::string_view bytes) {
    ASSERT_TRUE(files_.make_folders(io::folder_of(folder_ / name)));
    ASSERT_TRUE(io::write_file(files_, folder_ / name, bytes));
  }

  Read read(const std::string& path, const std::string& format = "auto") {
    return read_place(folder_ / path, format);
  }

  Read read_place(const std::string& path, const std::string& format = "auto") {
    CurateConfig config;
    config.task_megabytes = 1;
    SourceConfig& source = config.sources.emplace_back();
    source.name = "s";
    source.path = {path};
    source.licence = "CC0-1.0";
    source.dump = dump_;
    source.text_key = text_key_;
    source.format = format;
    Read all;
    const auto shards = plan_shards(files_, sources_to_cut(config)).value();
    all.shards = shards.size();
    for (const Shard& shard : shards) {
      for (const FilePart& part : shard.parts) {
        const auto reader = open_documents(files_, config.sources[0], part).value();
        for (ReadDocument item; reader->next(item).value();) {
          all.documents.push_back(item.document);
          if (item.is_truncated) ++all.truncated;
        }
        for (const auto& [reason, count] : reader->problems()) {
          all.problems[reason] += count;
        }
      }
    }
    return all;
  }

  TemporaryFolder folder_;
  io::SchemeFileSystem files_{{}, kImpatient};
  std::string dump_;  // that the source names
  std::string text_key_ = "text";
};

TEST_F(Sources, ReadPagesOfAnArchiveAndCountTheOthers) {
  auto writer = io::WarcWriter::create(files_, folder_ / "a.warc.gz").value();
  ASSERT_TRUE(writer.write_info(kDate, {{"software", "aludel"}}));
  ASSERT_TRUE(writer.write_response("http://a/1", kDate, kOk, "<p>one</p>"));
  ASSERT_TRUE(writer.write_response("http://a/2", kDate, "HTTP/1.1 404 Not Found\r\n\r\n", "no"));
  ASSERT_TRUE(writer.write_response("http://a/3", kDate,
                                    "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n", "PNG"));
  ASSERT_TRUE(writer.write_response(
      "http://a/4", kDate, "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=gbk\r\n\r\n",
      "\xC4\xE3\xBA\xC3"));
  ASSERT_TRUE(writer.commit());
  const Read all = read("a.warc.gz");
  ASSERT_EQ(all.documents.size(), 2U);
  EXPECT_EQ(all.documents[0].url, "http://a/1");
  EXPECT_EQ(all.documents[0].date, kDate);
  EXPECT_EQ(all.documents[0].raw, "<p>one</p>");
  EXPECT_EQ(all.documents[0].content_type, "text/html");
  EXPECT_EQ(all.documents[0].licence, "CC0-1.0");
  EXPECT_TRUE(all.documents[0].text.empty()) << "layer language makes the text";
  EXPECT_EQ(all.documents[1].text, "\xE4\xBD\xA0\xE5\xA5\xBD");
  EXPECT_EQ(all.problems,
            (std::map<std::string, std::uint64_t>{{"http_status", 1}, {"media_type", 1}}));
}

/// Returns a record of an archive, uncompressed.
std::string record(std::string_view type, std::string_view fields, std::string_view block) {
  return fmt::format(
      "WARC/1.0\r\nWARC-Type: {}\r\nWARC-Target-URI: http://a/{}\r\nWARC-Date: {}\r\n{}"
      "Content-Length: {}\r\n\r\n{}\r\n\r\n",
      type, type, kDate, fields, block.size(), block);
}

TEST_F(Sources, ReadTheTextOfConversionsAsItIs) {
  write("a.warc.wet.gz", io::compress_gzip(record("warcinfo", "", "software: x")) +
                             io::compress_gzip(record("conversion", "Content-Type: text/plain\r\n",
                                                      "Home\n\xE4\xBD\xA0 <b> stays")));
  const Read all = read("a.warc.wet.gz");
  ASSERT_EQ(all.documents.size(), 1U);
  EXPECT_EQ(all.documents[0].text, "Home\n\xE4\xBD\xA0 <b> stays");
  EXPECT_TRUE(all.documents[0].raw.empty()) << "nothing is left to extract";
  EXPECT_EQ(all.documents[0].date, kDate);
  EXPECT_TRUE(all.problems.empty());
}

TEST_F(Sources, CountRevisitsAndReadWhatTheCrawlerCut) {
  const std::string page = std::string(kOk) + "<p>half a pa";
  write("a.warc", record("revisit", "", "HTTP/1.1 304 Not Modified\r\n\r\n") +
                      record("response", "WARC-Truncated: length\r\n", page) +
                      record("request", "", "GET / HTTP/1.1\r\n\r\n"));
  const Read all = read("a.warc");
  ASSERT_EQ(all.documents.size(), 1U);
  EXPECT_EQ(all.documents[0].raw, "<p>half a pa");
  EXPECT_EQ(all.documents[0].annotations.find("read")->string_or("truncated", ""), "length");
  EXPECT_EQ(all.truncated, 1U);
  EXPECT_EQ(all.problems, (std::map<std::string, std::uint64_t>{{"revisit", 1}}));
}

TEST_F(Sources, RefuseAnArcByName) {
  write("a.warc", "filedesc://a.arc 0.0.0.0 20240518 text/plain 77\n1 0 InternetArchive\n");
  EXPECT_EQ(read("a.warc").problems.at("no_archive"), 1U);
  auto opened = io::WarcReader::open(files_, folder_ / "a.warc");
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().message.find("an ARC file"), std::string::npos);
}

TEST_F(Sources, AreReadFromAWebServerAsFromADisk) {
  auto writer = io::WarcWriter::create(files_, folder_ / "a.warc.gz").value();
  for (std::uint64_t page = 0; page < 30; ++page) {
    Rng rng(2, page);
    std::string body = "<p>";
    while (body.size() < 100'000) {
      body += static_cast<char>(rng.next() | 0x80U);
    }
    ASSERT_TRUE(writer.write_response(fmt::format("http://a/{}", page), kDate, kOk, body));
  }
  ASSERT_TRUE(writer.commit());
  const std::string file = io::read_file(files_, folder_ / "a.warc.gz").value();
  const TestServer server([&](const ServedRequest& request) { return serve_file(request, file); });
  const Read disk = read("a.warc.gz");
  const Read web = read_place(server.url("/d/a.warc.gz?key=secret"));
  EXPECT_EQ(web.shards, disk.shards);
  ASSERT_EQ(web.documents.size(), 30U);
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(web.documents[i].raw, disk.documents[i].raw);
    EXPECT_EQ(web.documents[i].id, disk.documents[i].id) << "the query is no part of the name";
  }
}

TEST_F(Sources, TakeTheDumpFromTheArchiveUnlessTheSourceNamesOne) {
  auto writer = io::WarcWriter::create(files_, folder_ / "a.warc.gz").value();
  ASSERT_TRUE(writer.write_info(kDate, {{"software", "x"}, {"isPartOf", "CC-MAIN-2024-22"}}));
  ASSERT_TRUE(writer.write_response("http://a.example/", kDate, kOk, "<p>A page."));
  ASSERT_TRUE(writer.commit());
  write("b.jsonl", R"({"text":"One.","dump":"CC-MAIN-2013-20"})"
                   "\n"
                   R"({"text":"Two."})"
                   "\n");
  EXPECT_EQ(read("a.warc.gz").documents.at(0).dump, "CC-MAIN-2024-22");
  EXPECT_EQ(read("b.jsonl").documents.at(0).dump, "CC-MAIN-2013-20");
  EXPECT_EQ(read("b.jsonl").documents.at(1).dump, "");
  dump_ = "mine";
  EXPECT_EQ(read("a.warc.gz").documents.at(0).dump, "mine");
  EXPECT_EQ(read("b.jsonl").documents.at(0).dump, "mine");
}

TEST_F(Sources, CutAnArchiveWithoutLosingOrDoublingAPage) {
  auto writer = io::WarcWriter::create(files_, folder_ / "a.warc.gz").value();
  for (std::uint64_t page = 0; page < 40; ++page) {
    Rng rng(1, page);
    std::string body = "<p>";
    while (body.size() < 100'000) {
      body += static_cast<char>(rng.next() | 0x80U);  // hardly compresses, so that the file is cut
    }
    ASSERT_TRUE(writer.write_response(fmt::format("http://a/{}", page), kDate, kOk, body));
  }
  ASSERT_TRUE(writer.commit());
  const Read all = read("a.warc.gz");
  EXPECT_GE(all.shards, 3U);
  ASSERT_EQ(all.documents.size(), 40U);
  std::set<std::string> ids;
  for (std::size_t page = 0; page < 40; ++page) {
    EXPECT_EQ(all.documents[page].url, fmt::format("http://a/{}", page));
    ids.insert(all.documents[page].id);
  }
  EXPECT_EQ(ids.size(), 40U);
}

TEST_F(Sources, CountATruncatedArchiveAndWhatIsNone) {
  auto writer = io::WarcWriter::create(files_, folder_ / "a.warc.gz").value();
  ASSERT_TRUE(writer.write_response("http://a/1", kDate, kOk, "<p>one</p>"));
  ASSERT_TRUE(writer.write_response("http://a/2", kDate, kOk, std::string(5000, 'x')));
  ASSERT_TRUE(writer.commit());
  const std::string whole = io::read_file(files_, folder_ / "a.warc.gz").value();
  write("clipped/a.warc.gz", std::string_view(whole).substr(0, whole.size() - 9));
  write("clipped/b.warc.gz", "this is no archive");
  const Read all = read("clipped");
  EXPECT_EQ(all.documents.size(), 1U);
  std::uint64_t lost = 0;
  for (const auto& [reason, count] : all.problems) {
    lost += count;
  }
  EXPECT_EQ(lost, 2U);
  EXPECT_EQ(all.problems.at("no_archive"), 1U);
}

TEST_F(Sources, ReadXhtmlByItsRulesWhereTheNameSaysSo) {
  write("x/a.xhtml", "<html><head><title/></head><body><p>one</p></body></html>");
  write("x/b.html", "<p>two");
  write("x/c.xhtml.gz", io::compress_gzip("<p>three</p>"));
  write("x/d.XHTML", "<html><head><title/></head><body><p>four</p></body></html>");
  write("x/e.xhtml.html", "<p>five");
  const Read all = read("x");
  ASSERT_EQ(all.documents.size(), 5U);
  EXPECT_EQ(all.documents[3].content_type, "application/xhtml+xml");
  EXPECT_EQ(all.documents[4].content_type, "text/html");
  EXPECT_EQ(all.documents[0].content_type, "application/xhtml+xml");
  EXPECT_EQ(all.documents[1].content_type, "text/html");
  EXPECT_EQ(all.documents[2].content_type, "application/xhtml+xml");
}

TEST_F(Sources, DecodeTextFilesAndKeepHtmlAsItCame) {
  write("s/b.txt", "caf\xE9 na\xEFve");
  write("s/a.html", "<p>x");
  write("s/sub/c.txt.gz", io::compress_gzip("zipped"));
  write("s/empty.txt", "");
  const Read all = read("s");
  EXPECT_EQ(all.shards, 1U) << "small files go together";
  ASSERT_EQ(all.documents.size(), 3U);
  EXPECT_EQ(all.documents[0].raw, "<p>x");
  EXPECT_EQ(all.documents[1].text, "caf\xC3\xA9 na\xC3\xAFve");
  EXPECT_EQ(all.documents[2].text, "zipped");
  EXPECT_EQ(all.documents[2].url, "sub/c.txt.gz");
  EXPECT_EQ(all.problems.at("empty"), 1U);
}

TEST_F(Sources, GiveIdsThatDoNotDependOnTheMachine) {
  write("here/s/a.jsonl", "{\"text\":\"one\"}\n{\"text\":\"two\"}\n");
  write("there/s/a.jsonl", "{\"text\":\"one\"}\n{\"text\":\"two\"}\n");
  const Read here = read("here/s");
  const Read there = read("there/s");
  ASSERT_EQ(here.documents.size(), 2U);
  EXPECT_NE(here.documents[0].id, here.documents[1].id);
  EXPECT_EQ(here.documents[1].id, there.documents[1].id);
}

TEST_F(Sources, MatchPatternsAndNameFilesBelowTheirFolder) {
  write("s/a.txt", "one");
  write("s/d/b.txt", "two");
  write("s/d/c.html", "three");
  const Read all = read("s/**.txt");
  ASSERT_EQ(all.documents.size(), 2U);
  EXPECT_EQ(all.documents[1].url, "d/b.txt");
  EXPECT_EQ(all.documents[1].id, read("s").documents[1].id) << "the same place, the same id";
}

TEST_F(Sources, ReadBooksAsOneDocumentEach) {
  write("s/a.epub", make_zip(epub_files("It was a dark night.", "The end.")));
  write("s/b.epub", "no book");
  write("s/c.epub", make_zip({{"mimetype", "application/epub+zip"}}));
  const Read all = read("s");
  ASSERT_EQ(all.documents.size(), 1U);
  EXPECT_NE(all.documents[0].text.find("It was a dark night."), std::string::npos);
  EXPECT_TRUE(all.documents[0].raw.empty()) << "nothing is left to extract";
  EXPECT_EQ(all.documents[0].url, "a.epub");
  EXPECT_EQ(all.documents[0].annotations.find("read")->string_or("title", ""), "A & B");
  EXPECT_EQ(all.problems, (std::map<std::string, std::uint64_t>{{"damaged_file", 2}}));
}

TEST_F(Sources, ReadPdfWhereItIsBuiltInAndSaySoElsewhere) {
  write("s/a.pdf", make_pdf({{"Hello of the page."}}));
  if (text::has_pdf()) {
    EXPECT_EQ(read("s").documents.at(0).text, "Hello of the page.");
    return;
  }
  const SourceConfig source;
  const auto reader =
      open_documents(files_, source, {folder_ / "s/a.pdf", "a.pdf", "pdf", 0, 9}).value();
  EXPECT_EQ(reader->problems().at("format_not_built"), 1U);
  EXPECT_TRUE(reader->examples().at("format_not_built").starts_with(folder_ / "s/a.pdf: [pdf] "))
      << "the message names the file";
}

TEST_F(Sources, ReadRowsOfParquetInPartsAndCountDamage) {
  if (!io::has_parquet()) GTEST_SKIP() << "built without Parquet (make parquet)";
  ASSERT_TRUE(files_.make_folders(folder_ / "s"));
  auto writer = io::create_rows(files_, folder_ / "s/a.parquet", document_columns()).value();
  for (std::uint64_t i = 0; i < 1500; ++i) {
    Document document;
    document.id = fmt::format("old {}", i);
    document.language = "en";
    Rng rng(1, i);
    while (document.text.size() < 50'000) {
      document.text += fmt::format("{:x} ", rng.next());
    }
    ASSERT_TRUE(writer->write(to_json(document)));
  }
  ASSERT_TRUE(writer->write(to_json(Document{})));  // a row without text
  ASSERT_TRUE(writer->commit());
  write("s/b.parquet", "PAR1 and no more");
  const Read all = read("s");
  EXPECT_GE(all.shards, 2U) << "cut between row groups";
  ASSERT_EQ(all.documents.size(), 1500U);
  std::set<std::string> ids;
  for (std::size_t i = 0; i < 1500; ++i) {
    EXPECT_EQ(all.documents[i].annotations.find("read")->string_or("id", ""),
              fmt::format("old {}", i));
    ids.insert(all.documents[i].id);
  }
  EXPECT_EQ(ids.size(), 1500U);
  EXPECT_EQ(all.problems,
            (std::map<std::string, std::uint64_t>{{"damaged_file", 1}, {"empty", 1}}));
}

TEST_F(Sources, KeepUnknownColumnsOfParquetAsUnknownMembersOfJson) {
  if (!io::has_parquet()) GTEST_SKIP() << "built without Parquet (make parquet)";
  text_key_ = "body.content";
  const Read rows = read_place(ALUDEL_SOURCE_DIR "/fuzz/corpus/parquet/nested.parquet");
  write("a.jsonl",
        R"({"url":"http://a/1","body":{"content":"The first text.","words":3},"tags":["x","y"],)"
        R"("scores":{"lid":0.5},"vector":[1,2],"picture":"6 bytes","day":"2024-05-18",)"
        R"("license":"CC0"})");
  const Read lines = read("a.jsonl");
  ASSERT_EQ(rows.documents.size(), 2U);
  ASSERT_EQ(lines.documents.size(), 1U);
  EXPECT_EQ(rows.documents[0].text, "The first text.");
  EXPECT_EQ(rows.documents[0].metadata.dump(), lines.documents[0].metadata.dump());
}

TEST_F(Sources, TakeTheFormatFromTheNameUnlessItIsGiven) {
  write("s/notes", "plain");
  EXPECT_EQ(read("s").problems.at("unknown_format"), 1U);
  EXPECT_EQ(read("s", "text").documents.size(), 1U);
}

}  // namespace
}  // namespace aludel::curate
