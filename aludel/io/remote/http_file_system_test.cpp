#include "aludel/io/remote/http_file_system.h"

#include <algorithm>
#include <array>

#include "tests/http_server.h"
#include <gtest/gtest.h>

#include "aludel/base/clock.h"
#include "aludel/base/rng.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/io/remote/range_reader.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::io {
namespace {

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  Rng rng(1, 2);
  for (char& byte : bytes) {
    byte = static_cast<char>(rng.next());
  }
  return bytes;
}

class HttpFiles : public testing::Test {
 protected:
  HttpClient client_{kImpatient};
  HttpFileSystem files_{client_};
};

TEST_F(HttpFiles, ReadByGrowingRanges) {
  const std::string file = random_bytes(3'000'000);
  const TestServer server([&](const ServedRequest& request) { return serve_file(request, file); });
  EXPECT_EQ(read_file(files_, server.url("/a.warc.gz")).value(), file);
  const auto requests = server.requests();
  EXPECT_LE(requests.size(), 7U) << "few large ranges";
  auto reader = files_.open(server.url("/a.warc.gz"), 2'999'990).value();
  EXPECT_EQ(read_all(*reader, 100).value(), file.substr(2'999'990));
  const FileInfo info = files_.info(server.url("/a.warc.gz")).value();
  EXPECT_EQ(info.size_bytes, file.size());
  EXPECT_EQ(info.version, "\"1\"");
}

TEST_F(HttpFiles, ReadWholeFromAServerWithoutRangesOrHead) {
  const std::string file = random_bytes(500'000);
  const TestServer server([&](const ServedRequest& request) {
    return request.method == "HEAD" ? ServedReply{.status = 405} : ServedReply{.body = file};
  });
  EXPECT_EQ(read_file(files_, server.url("/a")).value(), file);
  EXPECT_LE(server.requests().size(), 3U);
}

TEST_F(HttpFiles, RefuseARangeWithoutASizeAndOneThatWasNotAskedFor) {
  const std::string file = random_bytes(300'000);
  std::string range = "bytes 0-0/*";
  const TestServer server([&](const ServedRequest& request) -> ServedReply {
    ServedReply reply = serve_file(request, file);
    if (request.method == "HEAD" && range.ends_with('*')) return {.status = 405};
    if (reply.status == 206 && !range.empty()) reply.headers[1].value = range;
    return reply;
  });
  EXPECT_EQ(files_.info(server.url("/a")).error().code, Code::io_error) << "of unknown size";
  range = "bytes 5-131071/300000";
  const auto read = read_file(files_, server.url("/a"));
  ASSERT_FALSE(read.has_value());
  EXPECT_NE(read.error().message.find("another range"), std::string::npos) << read.error().message;
  range.clear();
  EXPECT_EQ(read_file(files_, server.url("/a")).value(), file);
}

TEST_F(HttpFiles, TryAgainWhatMayPass) {
  const std::string file = random_bytes(100'000);
  int failures = 0;
  const TestServer server([&](const ServedRequest& request) -> ServedReply {
    ServedReply good = serve_file(request, file);
    switch (failures++ % 3) {
      case 0:
        return {.status = 503, .headers = {{"Retry-After", "0"}}};
      case 1:
        good.cut_at = 10;
        if (request.method == "HEAD") good.hangs_up = true;
        return good;
      default:
        return good;
    }
  });
  EXPECT_EQ(read_file(files_, server.url("/a")).value(), file);
  EXPECT_EQ(failures, 6) << "three attempts for the size, three for the bytes";
}

TEST_F(HttpFiles, GiveUpWithTheAddressButNotItsSecrets) {
  const TestServer server([](const ServedRequest&) { return ServedReply{.status = 503}; });
  const auto failed = files_.info(server.url("/a?token=secret"));
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, Code::io_error);
  EXPECT_EQ(server.requests().size(), 3U);
  EXPECT_NE(failed.error().message.find("/a: status 503, after 3 attempts"), std::string::npos)
      << failed.error().message;
  EXPECT_EQ(failed.error().message.find("secret"), std::string::npos);
}

TEST(SchemeFiles, SayNoQueryOfAnAddress) {
  const TestServer server([](const ServedRequest&) {
    return ServedReply{.body = "no JSON\n" + std::string(10, '\n')};
  });
  SchemeFileSystem files({}, kImpatient);
  const std::string address = server.url("/a.jsonl?key=secret");
  std::vector<std::string> said = {files.rename(address, "/a.jsonl").error().message,
                                   read_file(files, address, 5).error().message};
  auto reader = JsonlReader::open(files, address).value();
  Json row;
  said.push_back(reader.next(row).error().message);
  for (const std::string& message : said) {
    EXPECT_NE(message.find("/a.jsonl"), std::string::npos) << message;
    EXPECT_EQ(message.find("secret"), std::string::npos) << message;
  }
}

TEST_F(HttpFiles, SayWhatIsNotThereAtOnce) {
  const TestServer server([](const ServedRequest&) { return ServedReply{.status = 404}; });
  EXPECT_EQ(files_.info(server.url("/a")).error().code, Code::not_found);
  EXPECT_LE(server.requests().size(), 2U);
  EXPECT_EQ(files_.create(server.url("/a")).error().code, Code::unsupported);
}

TEST_F(HttpFiles, NoticeAFileThatChanges) {
  int version = 0;
  const TestServer server([&](const ServedRequest& request) {
    ServedReply reply = serve_file(request, random_bytes(1000));
    reply.headers[0].value = fmt::format("\"{}\"", version++);
    return reply;
  });
  const auto read = read_file(files_, server.url("/a"));
  ASSERT_FALSE(read.has_value());
  EXPECT_NE(read.error().message.find("changed while it was read"), std::string::npos);
}

TEST_F(HttpFiles, FollowFiveRedirectsAndNeverToAnotherProtocol) {
  const TestServer server([](const ServedRequest& request) -> ServedReply {
    const int left = request.target[1] - '0';
    if (left == 0) return {.body = "here"};
    return {.status = 302, .headers = {{"Location", fmt::format("/{}", left - 1)}}};
  });
  EXPECT_EQ(read_file(files_, server.url("/2")).value(), "here");
  EXPECT_FALSE(files_.info(server.url("/6")).has_value());
  const TestServer trap([](const ServedRequest&) -> ServedReply {
    return {.status = 302, .headers = {{"Location", "file:///etc/passwd"}}};
  });
  const auto trapped = read_file(files_, trap.url("/x"));
  ASSERT_FALSE(trapped.has_value());
  EXPECT_EQ(trapped.error().code, Code::io_error);
}

TEST_F(HttpFiles, LimitTheSizeOfAReply) {
  const TestServer server(
      [](const ServedRequest&) { return ServedReply{.body = std::string(100'000, 'x')}; });
  const auto reply = client_.send({.url = server.url("/a"), .max_reply_bytes = 1000});
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(reply.error().code, Code::resource_exhausted);
}

/// Gives up after a second.
constexpr HttpPatience kHasty = {.attempts = 6,
                                 .first_wait_seconds = 0.001,
                                 .longest_wait_seconds = 20,
                                 .connect_seconds = 1,
                                 .stalled_seconds = 1,
                                 .request_seconds = 0.3,
                                 .failed_requests = 3};

TEST(HostileServers, EndARequestThatIsNeverAnswered) {
  for (const bool drips : {false, true}) {
    const TestServer server([drips](const ServedRequest&) {
      return ServedReply{.body = std::string(1000, 'x'), .is_silent = !drips, .drips = drips};
    });
    HttpClient client(kHasty);
    const double start = now_seconds();
    const auto reply = client.send({.url = server.url("/a")});
    ASSERT_FALSE(reply.has_value());
    EXPECT_EQ(reply.error().code, Code::io_error);
    EXPECT_LT(now_seconds() - start, 5) << "stalled once, and no second attempt";
  }
}

TEST(HostileServers, EndTheWaitForAServerThatIsAlwaysBusy) {
  const TestServer server([](const ServedRequest&) {
    return ServedReply{.status = 503, .headers = {{"Retry-After", "3600"}}};
  });
  HttpClient client(kHasty);
  const double start = now_seconds();
  const auto reply = client.send({.url = server.url("/a?key=secret")});
  EXPECT_LT(now_seconds() - start, 2);
  ASSERT_FALSE(reply.has_value());
  EXPECT_NE(reply.error().message.find("/a: status 503, after"), std::string::npos)
      << reply.error().message;
}

TEST(HostileServers, AreNoLongerAskedWhenMostRequestsFail) {
  const TestServer server([](const ServedRequest&) { return ServedReply{.status = 503}; });
  const TestServer other([](const ServedRequest&) { return ServedReply{.body = "x"}; });
  HttpPatience patience = kHasty;
  patience.attempts = 1;
  HttpClient client(patience);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.send({.url = server.url("/a")}).error().code, Code::io_error);
  }
  const auto refused = client.send({.url = server.url("/b")});
  EXPECT_EQ(refused.error().code, Code::cancelled) << "the work waits; nothing more is given up";
  EXPECT_NE(refused.error().message.find(server.url()), std::string::npos);
  EXPECT_EQ(server.requests().size(), 3U);
  EXPECT_TRUE(client.send({.url = other.url("/a")}).has_value());
}

TEST(HostileServers, MayFailOneRequestInTwenty) {
  int asked = 0;
  const TestServer server([&asked](const ServedRequest&) {
    return ServedReply{.status = ++asked % 25 == 0 ? 500 : 200};
  });
  HttpPatience patience = kHasty;
  patience.attempts = 1;
  HttpClient client(patience);
  int failed = 0;
  for (int i = 0; i < 200; ++i) {
    failed += client.send({.url = server.url("/a")}).has_value() ? 0 : 1;
  }
  EXPECT_EQ(failed, 8);
  EXPECT_EQ(server.requests().size(), 200U);
}

TEST(HostileServers, DoNotKeepAReaderWithCrumbsOfAFile) {
  const std::string size = "1000000000000";
  const TestServer server([&](const ServedRequest& request) -> ServedReply {
    if (request.method == "HEAD") return {.headers = {{"Content-Length", size}}};
    const std::string range(request.headers.get("range"));
    const std::string begin = range.substr(6, range.find('-') - 6);
    return {.status = 206,
            .headers = {{"Content-Range", fmt::format("bytes {}-{}/{}", begin, begin, size)}},
            .body = "x"};
  });
  HttpClient client(kImpatient);
  HttpFileSystem files(client);
  auto reader = files.open(server.url("/a")).value();
  const auto read = read_all(*reader, 1000);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, Code::io_error);
  EXPECT_NE(read.error().message.find("/a: ranges come with 1 bytes of"), std::string::npos)
      << read.error().message;
  EXPECT_LT(server.requests().size(), 30U);
}

TEST(HostileServers, MayNotPromiseMoreThanComes) {
  const TestServer server([](const ServedRequest&) -> ServedReply {
    return {.headers = {{"Content-Length", "1000000000000"}}, .body = "short"};
  });
  HttpClient client(kImpatient);
  HttpFileSystem files(client);
  auto reader = files.open(server.url("/a")).value();
  EXPECT_EQ(read_all(*reader, 1000).error().code, Code::io_error);
  EXPECT_LE(server.requests().size(), 4U);
}

/// A reply with a head of 1.5 MB.
ServedReply with_long_head() {
  ServedReply reply;
  for (int i = 0; i < 30; ++i) {
    reply.headers.push_back({fmt::format("X-{}", i), std::string(50'000, 'x')});
  }
  return reply;
}

TEST(HostileServers, MaySendNoEndlessHead) {
  const TestServer server([](const ServedRequest&) { return with_long_head(); });
  HttpClient client(kImpatient);
  const auto reply = client.send({.url = server.url("/a")});
  ASSERT_FALSE(reply.has_value());
  EXPECT_NE(reply.error().message.find("/a: the head of the reply is larger than 262144 bytes"),
            std::string::npos)
      << reply.error().message;
}

TEST(HostileServers, DoNotKeepAReaderOfLinesWithRepliesThatAreTooLarge) {
  std::string file;
  while (file.size() < 300'000) {
    file += "{\"text\":\"a line\"}\n";
  }
  int ranges = 0;
  const TestServer server([&](const ServedRequest& request) {
    const bool is_range = request.method != "HEAD";
    return is_range && ++ranges > 1 ? with_long_head() : serve_file(request, file);
  });
  HttpClient client(kImpatient);
  HttpFileSystem files(client);
  auto reader = JsonlReader::open(files, server.url("/a.jsonl")).value();
  Json row;
  auto more = reader.next_sound(row);
  for (std::size_t lines = 0; more && more.value() && lines < file.size(); ++lines) {
    more = reader.next_sound(row);
  }
  ASSERT_FALSE(more.has_value());
  EXPECT_EQ(more.error().code, Code::resource_exhausted);
  EXPECT_FALSE(reader.last_error_was_line());
}

TEST(RangeReader, EndsWhenAFileHasTakenAllItsTime) {
  RangeReader reader(
      "a file",
      [](std::uint64_t begin, std::uint64_t end) -> Result<std::string> {
        return std::string(end - begin, 'x');
      },
      0, std::uint64_t{1} << 30, 0.0);
  const auto read = read_all(reader, std::uint64_t{1} << 31);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, Code::io_error);
  EXPECT_TRUE(read.error().message.starts_with("a file: came to byte ")) << read.error().message;
}

TEST(RangeReader, CountsTheTimeOfRangesThatFail) {
  int asked = 0;
  RangeReader reader(
      "a file",
      [&asked](std::uint64_t, std::uint64_t) -> Result<std::string> {
        ++asked;
        return Error{Code::resource_exhausted, "the reply is too large"};
      },
      0, 100, 0.0);
  std::array<char, 10> out{};
  EXPECT_FALSE(reader.read(out).has_value());
  EXPECT_FALSE(reader.read(out).has_value());
  EXPECT_EQ(asked, 1) << "the first one took all the time that the file has";
}

TEST(WebAddress, IsHttpWithoutAPassword) {
  EXPECT_TRUE(check_web_address("http://a/b").has_value());
  EXPECT_TRUE(check_web_address("https://a.example:8080").has_value());
  for (const char* wrong : {"file:///etc/passwd", "ftp://a/b", "gopher://a", "http://", "http://?a",
                            "http://user:secret@host/", "http://a/\r\nX: y"}) {
    const Status checked = check_web_address(wrong);
    ASSERT_FALSE(checked.has_value()) << wrong;
    EXPECT_EQ(checked.error().message.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace aludel::io
