#include <map>
#include <string>

#include "tests/http_server.h"
#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/clock.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/io/codec.h"
#include "aludel/io/scheme_file_system.h"

// Tests that each file that cannot be read is counted under a reason, and that the files beside it
// are read.
namespace aludel::curate {
namespace {

constexpr std::string_view kLine = "{\"id\":\"a\",\"text\":\"The library opens at nine.\"}\n";

struct Outcome {
  std::size_t documents = 0;
  std::map<std::string, std::uint64_t> problems;
  std::map<std::string, std::string> examples;
};

Result<Outcome> read_all_of(io::FileSystem& files, const std::vector<std::string>& paths) {
  CurateConfig config;
  config.task_megabytes = 1;
  SourceConfig& source = config.sources.emplace_back();
  source.name = "s";
  source.path = paths;
  Outcome outcome;
  const auto shards = ALUDEL_TRY(plan_shards(files, sources_to_cut(config)));
  for (const Shard& shard : shards) {
    for (const FilePart& part : shard.parts) {
      const auto reader = ALUDEL_TRY(open_documents(files, config.sources[0], part));
      for (ReadDocument item; ALUDEL_TRY(reader->next(item));) {
        ++outcome.documents;
      }
      for (const auto& [reason, count] : reader->problems()) {
        outcome.problems[reason] += count;
      }
      outcome.examples.insert(reader->examples().begin(), reader->examples().end());
    }
  }
  return outcome;
}

using Problems = std::map<std::string, std::uint64_t>;

/// A store with the objects of a test. A key that begins with "gone" is listed, but has no object.
class Store {
 public:
  ServedReply operator()(const ServedRequest& request) const {
    if (request.target.find("list-type=2") != std::string::npos) return list();
    const std::string key = request.target.substr(std::string_view("/bucket/").size());
    const auto found = objects.find(key);
    if (found == objects.end() || key.starts_with("gone")) return {.status = 404};
    if (key.starts_with("busy") && request.method == "GET") return {.status = 503};
    return serve_file(request, found->second);
  }

  std::map<std::string, std::string> objects;
  std::map<std::string, std::string> stated_sizes;

 private:
  ServedReply list() const {
    std::string xml = "<ListBucketResult>";
    for (const auto& [key, bytes] : objects) {
      const auto stated = stated_sizes.find(key);
      xml +=
          fmt::format("<Contents><Key>{}</Key><Size>{}</Size><ETag>1</ETag></Contents>", key,
                      stated == stated_sizes.end() ? std::to_string(bytes.size()) : stated->second);
    }
    return {.body = xml + "</ListBucketResult>"};
  }
};

class UnreadFiles : public testing::Test {
 protected:
  io::SchemeFileSystem files() const {
    io::S3Config s3;
    s3.endpoint = server_.url();
    return io::SchemeFileSystem(s3, kImpatient);
  }

  void write(const std::string& name, std::string_view bytes) {
    io::LocalFileSystem disk;
    ASSERT_TRUE(io::write_file(disk, folder_ / name, bytes));
  }

  TemporaryFolder folder_;
  Store store_;
  TestServer server_{[this](const ServedRequest& request) { return store_(request); }};
};

TEST_F(UnreadFiles, AreCountedWhereAListedObjectIsGoneOrDoesNotCome) {
  store_.objects = {{"a.jsonl", std::string(kLine)},
                    {"busy.jsonl", std::string(kLine)},
                    {"busy.warc.gz", io::compress_gzip("WARC/1.0")},
                    {"gone.jsonl", std::string(kLine)},
                    {"gone.warc.gz", "x"},
                    {"z.jsonl", std::string(kLine)}};
  auto files = this->files();
  const auto outcome = read_all_of(files, {"s3://bucket/"});
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome.value().documents, 2U);
  EXPECT_EQ(outcome.value().problems, (Problems{{"missing_file", 2}, {"unreachable", 2}}));
}

TEST_F(UnreadFiles, AreCountedWhereAWebServerNeverAnswersWell) {
  const TestServer busy([](const ServedRequest&) { return ServedReply{.status = 503}; });
  write("a.jsonl", kLine);
  auto files = this->files();
  const auto outcome = read_all_of(files, {busy.url("/b.jsonl"), folder_ / "a.jsonl"});
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome.value().documents, 1U);
  EXPECT_EQ(outcome.value().problems, (Problems{{"unreachable", 1}}));
  const TestServer lost([](const ServedRequest&) { return ServedReply{.status = 404}; });
  EXPECT_FALSE(read_all_of(files, {lost.url("/b.jsonl")}).has_value()) << "a slip in the config";
}

TEST_F(UnreadFiles, StateSizesThatAreOnlyClaims) {
  store_.objects = {{"a.jsonl", std::string(kLine)}, {"b.warc.gz", "x"}};
  store_.stated_sizes = {{"a.jsonl", "1000000000000000000"}, {"b.warc.gz", "18000000000000000000"}};
  auto files = this->files();
  const double start = now_seconds();
  const auto outcome = read_all_of(files, {"s3://bucket/"});
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome.value().problems, (Problems{{"unreachable", 2}}));
  const std::string size = "1000000000000000000";
  const TestServer liar([&size](const ServedRequest& request) -> ServedReply {
    if (request.method == "HEAD") return {.headers = {{"Content-Length", size}, {"ETag", "1"}}};
    const std::string range(request.headers.get("range"));
    return {.status = 206,
            .headers = {{"Content-Range", fmt::format("bytes {}/{}", range.substr(6), size)}},
            .body = "x"};
  });
  const auto refused = read_all_of(files, {liar.url("/a.warc")});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::resource_exhausted);
  EXPECT_NE(refused.error().message.find("/a.warc, which states 1000000000000000000 bytes"),
            std::string::npos)
      << refused.error().message;
  EXPECT_LT(now_seconds() - start, 5);
}

TEST_F(UnreadFiles, SayWhichCompressionIsNotRead) {
  const std::string lz4("\x04\x22\x4D\x18\x64\x40\xA7\x01", 8);
  write("a.jsonl.lz4", lz4);
  write("b.jsonl", lz4);
  write("c.txt", lz4);
  write("d.html", std::string("\xFD\x37\x7A\x58\x5A\0\0\x04", 8));
  write("e.warc.gz", lz4);
  write("f.jsonl", kLine);
  auto files = this->files();
  const auto outcome = read_all_of(files, {folder_ / ""});
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome.value().documents, 1U);
  EXPECT_EQ(outcome.value().problems, (Problems{{"unread_compression", 5}}));
}

TEST_F(UnreadFiles, SayWhatAnArchiveWithoutPagesHolds) {
  std::string archive;
  for (const char* type : {"warcinfo", "metadata", "metadata"}) {
    archive +=
        fmt::format("WARC/1.0\r\nWARC-Type: {}\r\nContent-Length: 2\r\n\r\n{{}}\r\n\r\n", type);
  }
  write("a.wat.gz", io::compress_gzip(archive));
  auto files = this->files();
  const auto outcome = read_all_of(files, {folder_ / ""});
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome.value().problems, (Problems{{"no_page", 1}}));
  EXPECT_EQ(outcome.value().examples.at("no_page"), "type metadata 2, type warcinfo 1");
}

TEST_F(UnreadFiles, CountTextThatIsBinary) {
  write("a.txt", std::string("\x89PNG\r\n\x1A\n....", 12));
  write("b.md", std::string(300, '\x01'));
  write("c.txt", "Plain text with one zero byte\0 in it.");
  auto files = this->files();
  const auto outcome = read_all_of(files, {folder_ / ""});
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome.value().documents, 1U);
  EXPECT_EQ(outcome.value().problems, (Problems{{"binary", 2}}));
}

TEST_F(UnreadFiles, KeepWhatWasReadOfACutArchive) {
  io::LocalFileSystem disk;
  std::string archive;
  for (int i = 0; i < 3; ++i) {
    const std::string body = fmt::format("Page {}.", i);
    archive += io::compress_gzip(
        fmt::format("WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a/{}\r\n"
                    "Content-Type: text/plain\r\nContent-Length: {}\r\n\r\n{}\r\n\r\n",
                    i, body.size(), body));
  }
  write("a.warc.gz", std::string_view(archive).substr(0, archive.size() - 20));
  auto files = this->files();
  const auto outcome = read_all_of(files, {folder_ / "a.warc.gz"});
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome.value().documents, 2U);
  EXPECT_EQ(outcome.value().problems.size(), 1U) << "the cut";
}

}  // namespace
}  // namespace aludel::curate
