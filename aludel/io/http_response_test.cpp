#include "aludel/io/http_response.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/io/codec.h"

namespace aludel::io {
namespace {

HttpResponse parse(std::string_view headers, std::string_view body) {
  return parse_http_response(fmt::format("HTTP/1.1 200 OK\r\n{}\r\n{}", headers, body), 1'000'000)
      .value();
}

TEST(HttpResponse, ReadsStatusHeadersAndBody) {
  const auto response = parse_http_response(
      "HTTP/2 404\nContent-Type:  Text/HTML; charset=x \nX-Folded: a\n  b\nno colon\n\nbody\n",
      100);
  EXPECT_EQ(response.value().status, 404);
  EXPECT_EQ(response.value().headers.get("content-type"), "Text/HTML; charset=x");
  EXPECT_EQ(media_type(response.value().headers.get("content-type")), "text/html");
  EXPECT_EQ(response.value().headers.get("X-FOLDED"), "a b");
  EXPECT_EQ(response.value().headers.find("missing"), nullptr);
  EXPECT_EQ(response.value().body, "body\n");
  EXPECT_EQ(response.value().defect, "");
}

TEST(HttpResponse, JoinsFieldsOfOneName) {
  std::string_view head = "X-Robots-Tag: noindex\r\nDate: x\r\nx-robots-tag: noai\r\n\r\n";
  const Headers headers = read_headers(head);
  EXPECT_EQ(headers.joined("x-robots-tag"), "noindex, noai");
  EXPECT_EQ(headers.joined("date"), "x");
  EXPECT_EQ(headers.joined("age"), "");
}

TEST(HttpResponse, RefusesWhatHasNoStatusLine) {
  for (const char* block : {"", "<html>", "HTTP/1.1\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
                            "HTTP/1.1 -20", "GET / HTTP/1.1\r\n\r\n"}) {
    EXPECT_EQ(parse_http_response(block, 100).error().code, Code::corrupt_data) << block;
  }
}

TEST(HttpResponse, UndoesChunks) {
  const std::string_view chunked = "Transfer-Encoding: Chunked\r\n";
  EXPECT_EQ(parse(chunked, "4\r\nwiki\r\n0005;x=y\r\npedia\r\n0\r\nTrailer: x\r\n\r\n").body,
            "wikipedia");
  EXPECT_EQ(parse(chunked, "4\nwiki\nA\n0123456789\n0\n\n").body, "wiki0123456789");
  EXPECT_EQ(parse(chunked, "").defect, "");
}

TEST(HttpResponse, KeepsTheTextOfWrongChunks) {
  const std::string_view chunked = "Transfer-Encoding: chunked\r\n";

  struct Case {
    std::string_view sent;
    std::string_view body;
    std::string_view defect;
  };

  for (const Case& wrong :
       {Case{"<html>never chunked</html>", "<html>never chunked</html>", "not chunked"},
        Case{"10 ways to write\r\nmore", "10 ways to write\r\nmore", "not chunked"},
        Case{"4\r\nwiki\r\n<p>rest", "wiki<p>rest", "wrong chunks"},
        Case{"4\r\nwiki\r\n2\r\ntoo long\r\n", "wiki2\r\ntoo long\r\n", "wrong chunks"},
        Case{"4\r\nwiki\r\nFFFFFFFFFFFFFFFF\r\ncut", "wikicut", "wrong chunks"},
        Case{"4\r\nwiki\r\nFFFFFFFFFFFFFFFFF\r\nx", "wikiFFFFFFFFFFFFFFFFF\r\nx", "wrong chunks"},
        Case{"4\r\nwiki\r\n", "wiki", "wrong chunks"}}) {
    const HttpResponse response = parse(chunked, wrong.sent);
    EXPECT_EQ(response.body, wrong.body);
    EXPECT_EQ(response.defect, wrong.defect) << wrong.sent;
  }
}

TEST(HttpResponse, UndoesContentCodings) {
  const std::string text = "some text, some text, some text";
  const std::string gzip = compress_gzip(text);
  EXPECT_EQ(parse("Content-Encoding: GZIP\r\n", gzip).body, text);
  EXPECT_EQ(parse("Content-Encoding: x-gzip\r\n", gzip + gzip).body, text + text);
  EXPECT_EQ(parse("Content-Encoding: identity\r\n", text).body, text);
  EXPECT_EQ(parse("Content-Encoding: gzip, gzip\r\n", compress_gzip(gzip)).body, text);
  EXPECT_EQ(parse("Content-Encoding: gzip\r\n", gzip + "<!-- server's note -->").body, text);
  EXPECT_EQ(parse("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
                  fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", gzip.size(), gzip))
                .body,
            text);
  EXPECT_EQ(parse_http_response("HTTP/1.1 200\r\nContent-Encoding: sdch\r\n\r\nx", 10).error().code,
            Code::unsupported);
}

TEST(HttpResponse, KeepsWhatCanBeReadOfDamagedCodings) {
  const std::string text(50'000, 'x');
  const std::string gzip = compress_gzip(text + "end");
  const HttpResponse cut =
      parse("Content-Encoding: gzip\r\n", std::string_view(gzip).substr(0, gzip.size() - 8));
  EXPECT_EQ(cut.body, text + "end");
  EXPECT_EQ(cut.defect, "cut");
  const HttpResponse absent = parse("Content-Encoding: gzip\r\n", "<html>decoded</html>");
  EXPECT_EQ(absent.body, "<html>decoded</html>");
  EXPECT_EQ(absent.defect, "content coding absent");
}

TEST(HttpResponse, RefusesBombs) {
  const std::string bomb = compress_gzip(std::string(20'000'000, '\0'));
  const std::string twice = compress_gzip(bomb);
  for (const std::string& block : {"HTTP/1.1 200\r\nContent-Encoding: gzip\r\n\r\n" + bomb,
                                   "HTTP/1.1 200\r\nContent-Encoding: gzip,gzip\r\n\r\n" + twice,
                                   "HTTP/1.1 200\r\n\r\n" + std::string(1'000'001, 'x')}) {
    EXPECT_EQ(parse_http_response(block, 1'000'000).error().code, Code::resource_exhausted);
  }
}

}  // namespace
}  // namespace aludel::io
