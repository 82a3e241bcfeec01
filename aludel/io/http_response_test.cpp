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
}

TEST(HttpResponse, LeavesABodyOfAnUnknownCodingAsItIs) {
  for (const char* coding : {"utf-8", "8bit", "binary", "windows-1252", "sdch", "UTF-8, none"}) {
    const HttpResponse response = parse(fmt::format("Content-Encoding: {}\r\n", coding), "text");
    EXPECT_EQ(response.body, "text") << coding;
    EXPECT_EQ(response.defect, "content coding unknown") << coding;
  }
  EXPECT_EQ(parse("Content-Encoding: identity\r\n", "text").defect, "");
  EXPECT_EQ(parse("Content-Encoding:\r\n", "text").defect, "");
}

/// zlib's form of "deflate", stored without compression (RFC 1950, RFC 1951 3.2.4).
std::string zlib_of(std::string_view text) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : text) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  const auto byte = [](std::size_t value) { return static_cast<char>(value & 0xFF); };
  std::string coded = {'\x78', '\x01', '\x01', byte(text.size()), byte(text.size() >> 8)};
  coded += {byte(~text.size()), byte(~text.size() >> 8)};
  coded += text;
  return coded + std::string{byte(b >> 8), byte(b), byte(a >> 8), byte(a)};
}

TEST(HttpResponse, BelievesTheBytesWhereTheCodingIsNamedWrongly) {
  const std::string text = "some text, some text, some text";
  const std::string gzip = compress_gzip(text);
  const std::string zlib = zlib_of(text);
  const std::string bare = zlib.substr(2, zlib.size() - 6);

  struct Case {
    std::string_view headers;
    std::string body;
  };

  for (const Case& one :
       {Case{"Content-Encoding: br\r\n", gzip}, Case{"Content-Encoding: deflate\r\n", gzip},
        Case{"Content-Encoding: zstd\r\n", gzip}, Case{"Content-Encoding: deflate\r\n", zlib},
        Case{"Content-Encoding: deflate\r\n", bare}, Case{"Content-Encoding: gzip\r\n", zlib},
        Case{"Content-Encoding: zstd\r\n", compress_zstd(text)},
        Case{"Content-Encoding: gzip\r\n", compress_zstd(text)},
        Case{"Content-Encoding: gzip, utf-8\r\n", gzip},
        Case{"Content-Encoding: utf-8\r\nContent-Encoding: gzip\r\n", gzip},
        Case{"Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", compress_gzip(gzip)},
        Case{"Content-Encoding: gzip\r\n", compress_gzip(gzip)},
        Case{"Content-Encoding: \"gzip\";q=1\r\n", gzip},
        Case{"Content-Encoding:\r\n  gzip\r\n", gzip}, Case{"", gzip},
        Case{"Content-Type: text/html\r\n", zlib}, Case{"", compress_zstd(text)}}) {
    EXPECT_EQ(parse(one.headers, one.body).body, text) << one.headers;
  }
  const HttpResponse download = parse("Content-Type: application/x-gzip\r\n", gzip);
  EXPECT_EQ(download.body, gzip) << "a file to download is what it says";
  EXPECT_EQ(parse("", "x^2 + y^2 = 1").body, "x^2 + y^2 = 1") << "as zlib may begin";
}

TEST(HttpResponse, UndoesCodingsOfTheTransfer) {
  const std::string text = "some text, some text, some text";
  const std::string gzip = compress_gzip(text);
  const std::string chunks = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", gzip.size(), gzip);
  for (const char* headers :
       {"Transfer-Encoding: gzip, chunked\r\n", "transfer-encoding: GZIP ,CHUNKED\r\n",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity, chunked\r\nContent-Encoding: x-gzip\r\n", ""}) {
    EXPECT_EQ(parse(headers, chunks).body, text) << headers;
  }
  EXPECT_EQ(parse("", "7 dwarfs\r\n").body, "7 dwarfs\r\n");
}

TEST(HttpResponse, PassesOverWhatStandsBeforeTheReply) {
  for (const char* before :
       {"\r\n", "\n\n", "HTTP/1.1 100 Continue\r\n\r\n", "\r\nHTTP/1.1 100\r\nX: y\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"}) {
    const auto response =
        parse_http_response(std::string(before) + "http/1.1 200 OK\r\nA: b\r\r\n\r\r\nbody", 100);
    ASSERT_TRUE(response.has_value()) << before;
    EXPECT_EQ(response.value().status, 200);
    EXPECT_EQ(response.value().headers.get("a"), "b");
    EXPECT_EQ(response.value().body, "body");
  }
  EXPECT_EQ(parse_http_response("HTTP/1.1 100 Continue\r\n\r\n", 100).value().status, 100);
}

TEST(ContentType, IsTheLastOfAListWithItsCharset) {
  EXPECT_EQ(media_type("text/html, text/plain"), "text/plain");
  EXPECT_EQ(media_type("text/html; charset=\"a,b\", */*"), "text/html");
  EXPECT_EQ(media_type("Text/HTML charset=gbk"), "text/html");
  EXPECT_EQ(media_type(" ; charset=gbk"), "");
  EXPECT_EQ(media_type("html"), "");
  EXPECT_EQ(media_type("\"text/html\""), "text/html");
  EXPECT_EQ(effective_content_type("text/html; charset=gbk"), "text/html; charset=gbk");
  EXPECT_EQ(effective_content_type("text/html; Charset=gbk, TEXT/html"), "TEXT/html; Charset=gbk");
  EXPECT_EQ(effective_content_type("text/html;charset=gbk, text/html;charset=big5, x"),
            "text/html;charset=big5");
  EXPECT_EQ(effective_content_type("text/plain;charset=gbk, text/html"), "text/html");
}

TEST(HttpResponse, EndsWithAFileThatHoldsItself) {
  std::string coded = "text";
  for (int i = 0; i < 40; ++i) {
    coded = compress_gzip(coded);
  }
  EXPECT_TRUE(parse("", coded).body.starts_with("\x1F\x8B")) << "at most a few are undone";
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

TEST(HttpResponse, IsTheSameWhereItsFirstLinesAreApart) {
  const std::string blocks[] = {
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>a",
      "HTTP/1.1 404 No\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n<p>c",
      "\r\n\r\nHTTP/1.1 200 OK\r\n\r\nd",
      "HTTP/1.1 200 OK\r\nA: b\r\r\nC: d\r\n\r\ne",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nf\r\n0\r\n\r\n",
      "<p>no head\r\n\r\nat all",
      "HTTP/1.1 200 OK\r\n\r\n" + std::string(200, 'g')};
  for (const std::string& block : blocks) {
    const std::size_t head = block.find("\r\n\r\n") + 4;
    const auto whole = parse_http_response(block, 100);
    const auto apart = parse_http_response(block.substr(0, head), block.substr(head), 100);
    ASSERT_EQ(bool(whole), bool(apart)) << block;
    if (!whole) {
      EXPECT_EQ(whole.error().message, apart.error().message);
      continue;
    }
    EXPECT_EQ(whole.value().status, apart.value().status) << block;
    EXPECT_EQ(whole.value().body, apart.value().body) << block;
    EXPECT_EQ(whole.value().defect, apart.value().defect) << block;
    for (const char* name : {"a", "c", "content-type"}) {
      EXPECT_EQ(whole.value().headers.joined(name), apart.value().headers.joined(name)) << block;
    }
  }
}

}  // namespace
}  // namespace aludel::io
