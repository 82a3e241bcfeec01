#include "aludel/io/remote/s3_file_system.h"

#include <map>

#include "tests/http_server.h"
#include <gtest/gtest.h>

#include "aludel/io/digest.h"
#include "aludel/io/percent.h"

namespace aludel::io {
namespace {

/// One bucket, as far as these tests need it; pages of a listing hold two objects.
class FakeStore {
 public:
  ServedReply operator()(const ServedRequest& request) {
    const std::size_t question = std::min(request.target.find('?'), request.target.size());
    const std::string query = request.target.substr(std::min(question + 1, request.target.size()));
    const std::string path = request.target.substr(0, question);
    const std::string key = path.size() > 8 ? path.substr(8) : "";  // behind /bucket/
    if (query.find("list-type=2") != std::string::npos) return list(query);
    if (query == "uploads=") return {.body = "<R><UploadId>u/1</UploadId></R>"};
    if (request.method == "POST") return complete(key, request.body);
    if (query.find("partNumber=") == 0) return put_part(query, request.body);
    if (request.method == "DELETE") {
      aborted += query.empty() ? 0 : 1;
      objects.erase(query.empty() ? key : "");
      return {.status = 204};
    }
    if (request.method == "PUT") return put(key, request);
    return get(key, request);
  }

  std::map<std::string, std::string> objects;
  std::map<int, std::string> parts;
  int aborted = 0;

 private:
  static ServedReply error(int status, std::string_view code) {
    return {.status = status,
            .body = fmt::format("<Error><Code>{}</Code><Message>No.</Message></Error>", code)};
  }

  static std::string etag(const std::string& bytes) {
    return "\"" + sha256_hex(bytes).substr(0, 8) + "\"";
  }

  ServedReply list(const std::string& query) {
    const std::size_t at = query.find("prefix=") + 7;
    std::string prefix = query.substr(at, query.find('&', at) - at);
    for (std::size_t slash; (slash = prefix.find("%2F")) != std::string::npos;) {
      prefix.replace(slash, 3, "/");
    }
    const std::size_t token = query.find("continuation-token=");
    std::size_t skip = token == std::string::npos ? 0 : std::stoul(query.substr(token + 19));
    const std::size_t begin = skip;
    std::string xml =
        "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\"><EncodingType>url</EncodingType>";
    bool is_truncated = false;
    int listed = 0;
    for (const auto& [key, bytes] : objects) {
      if (!key.starts_with(prefix)) continue;
      if (skip > 0) {
        --skip;
        continue;
      }
      is_truncated = listed == 2;
      if (is_truncated) break;
      ++listed;
      xml +=
          fmt::format("<Contents><Key>{}</Key><Size>{}</Size><ETag>&quot;1&quot;</ETag></Contents>",
                      percent_encode(key, Slashes::keep), bytes.size());
    }
    xml += fmt::format("<IsTruncated>{}</IsTruncated>", is_truncated);
    if (is_truncated) {
      xml += fmt::format("<NextContinuationToken>{}</NextContinuationToken>", begin + 2);
    }
    return {.body = xml + "</ListBucketResult>"};
  }

  ServedReply put(const std::string& key, const ServedRequest& request) {
    const std::string source(request.headers.get("x-amz-copy-source"));
    objects[key] = source.empty() ? request.body : objects[source.substr(8)];
    return {.headers = {{"ETag", etag(objects[key])}}, .body = "<CopyObjectResult/>"};
  }

  ServedReply put_part(const std::string& query, const std::string& bytes) {
    parts[std::stoi(query.substr(11))] = bytes;
    return {.headers = {{"ETag", etag(bytes)}}};
  }

  ServedReply complete(const std::string& key, const std::string& xml) {
    for (const auto& [number, bytes] : parts) {
      if (xml.find(etag(bytes)) == std::string::npos) return error(400, "InvalidPart");
      objects[key] += bytes;
    }
    return {.body = "<CompleteMultipartUploadResult/>"};
  }

  ServedReply get(const std::string& key, const ServedRequest& request) {
    const auto found = objects.find(key);
    if (found == objects.end()) return error(404, "NoSuchKey");
    const std::string& bytes = found->second;
    const std::string range(request.headers.get("range"));
    if (range.empty()) return {.headers = {{"ETag", etag(bytes)}}, .body = bytes};
    const std::size_t dash = range.find('-');
    const std::size_t begin = std::stoul(range.substr(6, dash - 6));
    return {.status = 206,
            .headers = {{"ETag", etag(bytes)}},
            .body = bytes.substr(begin, std::stoul(range.substr(dash + 1)) + 1 - begin)};
  }
};

class S3Files : public testing::Test {
 protected:
  S3Config config(std::string endpoint) {
    S3Config config;
    config.endpoint = std::move(endpoint);
    config.signing.key_id = "key-id";
    config.signing.secret = "top-secret";
    return config;
  }

  FakeStore store_;
  TestServer server_{[this](const ServedRequest& request) { return store_(request); }};
  HttpClient http_{kImpatient};
  S3Client client_{http_, config(server_.url())};
  S3FileSystem files_{client_};
};

TEST_F(S3Files, WriteSmallFilesAtOnceAndReadThem) {
  ASSERT_TRUE(write_file(files_, "s3://bucket/a/b c.txt", "hello"));
  EXPECT_EQ(server_.requests().size(), 1U);
  EXPECT_EQ(store_.objects.at("a/b%20c.txt"), "hello");
  EXPECT_EQ(read_file(files_, "s3://bucket/a/b c.txt").value(), "hello");
  auto reader = files_.open("s3://bucket/a/b c.txt", 3).value();
  EXPECT_EQ(read_all(*reader, 10).value(), "lo");
  EXPECT_EQ(files_.map("s3://bucket/a/b c.txt").value().bytes(), "hello");
}

TEST_F(S3Files, SignEveryRequestAndSendNoSecret) {
  ASSERT_TRUE(write_file(files_, "s3://bucket/a", "hello"));
  ASSERT_TRUE(files_.list("s3://bucket/").has_value());
  for (const ServedRequest& request : server_.requests()) {
    const std::string_view authorization = request.headers.get("authorization");
    EXPECT_TRUE(authorization.starts_with("AWS4-HMAC-SHA256 Credential=key-id/")) << authorization;
    EXPECT_EQ(request.headers.get("x-amz-content-sha256"), sha256_hex(request.body));
    for (const Header& header : request.headers.all()) {
      EXPECT_EQ(header.value.find("top-secret"), std::string::npos) << header.name;
    }
  }
}

TEST_F(S3Files, UploadLargeFilesInParts) {
  std::string bytes((std::size_t{40} << 20) + 5, 'x');
  for (std::size_t i = 0; i < bytes.size(); i += 1000) {
    bytes[i] = static_cast<char>('a' + i / 1000 % 26);
  }
  auto writer = files_.create("s3://bucket/big").value();
  for (std::size_t at = 0; at < bytes.size(); at += 3'000'001) {
    ASSERT_TRUE(writer->write(std::string_view(bytes).substr(at, 3'000'001)));
  }
  EXPECT_FALSE(store_.objects.contains("big")) << "it appears as a whole";
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(store_.parts.size(), 3U);
  EXPECT_EQ(store_.objects.at("big"), bytes);
  EXPECT_EQ(store_.aborted, 0);
}

TEST_F(S3Files, GiveUpAnUploadThatIsNotCommitted) {
  {
    auto writer = files_.create("s3://bucket/big").value();
    ASSERT_TRUE(writer->write(std::string(std::size_t{17} << 20, 'x')));
  }
  EXPECT_EQ(store_.aborted, 1);
  EXPECT_TRUE(store_.objects.empty());
  { auto writer = files_.create("s3://bucket/small").value(); }
  EXPECT_TRUE(store_.objects.empty());
}

TEST_F(S3Files, ListAllPagesBelowAFolderOnly) {
  for (const char* key : {"d/1", "d/2", "d/e/3", "d/e/", "d/4", "d2/5", "dx"}) {
    store_.objects[key] = key;
  }
  std::string names;
  for (const FileInfo& file : files_.list("s3://bucket/d").value()) {
    names += file.path + " ";
    EXPECT_EQ(file.version, "\"1\"");
  }
  EXPECT_EQ(names, "s3://bucket/d/1 s3://bucket/d/2 s3://bucket/d/4 s3://bucket/d/e/3 ");
  ASSERT_TRUE(files_.remove("s3://bucket/d"));
  EXPECT_EQ(store_.objects.size(), 3U) << "d2/5, dx and the mark of a folder stay";
}

TEST_F(S3Files, AppendRenameAndSayWhatIsMissing) {
  auto writer = files_.append("s3://bucket/log").value();
  EXPECT_EQ(store_.objects.at("log"), "");
  ASSERT_TRUE(writer->write("one\n"));
  ASSERT_TRUE(writer->commit());
  ASSERT_TRUE(writer->write("two\n"));
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(store_.objects.at("log"), "one\ntwo\n");
  ASSERT_TRUE(files_.rename("s3://bucket/log", "s3://bucket/old"));
  EXPECT_EQ(store_.objects.count("log"), 0U);
  EXPECT_EQ(read_file(files_, "s3://bucket/old").value(), "one\ntwo\n");
  EXPECT_EQ(files_.info("s3://bucket/log").error().code, Code::not_found);
  EXPECT_EQ(files_.info("s3://bucket").error().code, Code::invalid_argument);
  EXPECT_EQ(parse_s3_path("s3://b@d/x").error().code, Code::invalid_argument);
}

TEST(S3Uploads, AreDoneWhereTheReplyWasLostButTheObjectIsWhatWasSent) {
  for (const std::size_t size : {std::size_t{17} << 20, std::size_t{5}}) {
    const TestServer server([&](const ServedRequest& request) -> ServedReply {
      if (request.method == "HEAD") {
        return {.headers = {{"ETag", "\"1-2\""}, {"Content-Length", std::to_string(size)}}};
      }
      if (request.method != "POST") return {.headers = {{"ETag", "\"1\""}}};
      if (request.target.ends_with("uploads=")) return {.body = "<R><UploadId>u</UploadId></R>"};
      return {.status = 404, .body = "<Error><Code>NoSuchUpload</Code></Error>"};
    });
    S3Config config;
    config.endpoint = server.url();
    HttpClient http(kImpatient);
    S3Client client(http, config);
    S3FileSystem files(client);
    auto writer = files.create("s3://b/k").value();
    ASSERT_TRUE(writer->write(std::string(std::size_t{17} << 20, 'x')));
    EXPECT_EQ(writer->commit().has_value(), size > 5) << "an older object of two parts is not it";
  }
}

TEST(S3Errors, NameAnObjectWithoutASize) {
  const TestServer server([](const ServedRequest&) { return ServedReply{.says_length = false}; });
  S3Config config;
  config.endpoint = server.url();
  HttpClient http(kImpatient);
  S3Client client(http, config);
  const auto head = client.head({"b", "k"});
  ASSERT_FALSE(head.has_value());
  EXPECT_NE(head.error().message.find("gave no size"), std::string::npos) << head.error().message;
}

TEST(S3Errors, HaveTheStoresWordsAndNoCredential) {
  const TestServer server([](const ServedRequest&) {
    return ServedReply{.status = 403,
                       .body = "<Error><Code>AccessDenied</Code><Message>No.</Message></Error>"};
  });
  S3Config config;
  config.endpoint = server.url();
  config.signing.key_id = "key-id";
  config.signing.secret = "top-secret";
  HttpClient http(kImpatient);
  S3Client client(http, config);
  const auto put = client.put({"b", "k"}, "x");
  ASSERT_FALSE(put.has_value());
  EXPECT_NE(put.error().message.find("403 AccessDenied: No."), std::string::npos);
  EXPECT_NE(put.error().message.find("check AWS_ACCESS_KEY_ID"), std::string::npos);
  EXPECT_EQ(put.error().message.find("top-secret"), std::string::npos);
}

TEST(S3Listing, IsReadWithItsEncodedKeys) {
  const auto listing = parse_s3_listing(
      "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a%2Fb+c%C3%A9</Key>"
      "<Size>12</Size></Contents><NextContinuationToken>t&amp;1</NextContinuationToken>"
      "<EncodingType>url</EncodingType></ListBucketResult>");
  ASSERT_TRUE(listing.has_value());
  ASSERT_EQ(listing.value().objects.size(), 1U);
  EXPECT_EQ(listing.value().objects[0].key, "a/b c\xC3\xA9");
  EXPECT_EQ(listing.value().objects[0].size_bytes, 12U);
  EXPECT_EQ(listing.value().continuation, "t&1");
  EXPECT_FALSE(parse_s3_listing("<html>login</html>").has_value());
  EXPECT_FALSE(parse_s3_listing("<ListBucketResult><IsTruncated>true</IsTruncated>"
                                "</ListBucketResult>")
                   .has_value());
}

TEST(S3Listing, TakesKeysAsTheyAreWhereTheStoreEncodesNone) {
  const char* keys[] = {"a+b", "%41", "100%", "a b", "a%20b", "r\xC3\xA9sum\xC3\xA9", "河/%"};
  std::string xml = "<ListBucketResult>";
  for (const char* key : keys) {
    xml += fmt::format("<Contents><Key>{}</Key><Size>1</Size></Contents>", key);
  }
  const auto raw = parse_s3_listing(xml + "</ListBucketResult>");
  ASSERT_TRUE(raw.has_value());
  ASSERT_EQ(raw.value().objects.size(), std::size(keys));
  for (std::size_t i = 0; i < std::size(keys); ++i) {
    EXPECT_EQ(raw.value().objects[i].key, keys[i]);
  }
  std::string encoded = "<ListBucketResult><EncodingType>URL</EncodingType>";
  for (const char* key : keys) {
    encoded += fmt::format("<Contents><Key>{}</Key><Size>1</Size></Contents>",
                           percent_encode(key, Slashes::encode));
  }
  const auto decoded = parse_s3_listing(encoded + "</ListBucketResult>").value();
  for (std::size_t i = 0; i < std::size(keys); ++i) {
    EXPECT_EQ(decoded.objects[i].key, keys[i]);
  }
  EXPECT_FALSE(parse_s3_listing("<ListBucketResult><Contents><Key>" + std::string(1025, 'k') +
                                "</Key></Contents></ListBucketResult>")
                   .has_value());
}

/// A listing by pages that `page` makes of how many came before.
Result<std::vector<S3Object>> list_pages(const std::function<std::string(int)>& page) {
  int asked = 0;
  const TestServer server([&](const ServedRequest&) {
    return ServedReply{.body = "<ListBucketResult>" + page(asked++) + "</ListBucketResult>"};
  });
  S3Config config;
  config.endpoint = server.url();
  HttpClient http(kImpatient);
  return S3Client(http, config).list("bucket", "");
}

std::string next_page(const std::string& token) {
  return "<IsTruncated>true</IsTruncated><NextContinuationToken>" + token +
         "</NextContinuationToken>";
}

TEST(S3Listing, EndsWhereItsTokensRepeat) {
  for (const int circle : {1, 2, 5}) {
    const auto listed =
        list_pages([circle](int asked) { return next_page(std::to_string(asked % circle)); });
    ASSERT_FALSE(listed.has_value());
    EXPECT_NE(listed.error().message.find("goes round in a circle"), std::string::npos)
        << listed.error().message;
  }
}

TEST(S3Listing, NamesAnObjectOnceThatComesOnTwoPages) {
  const auto listed = list_pages([](int asked) {
    return "<Contents><Key>a</Key><Size>99999999999999999</Size></Contents>" +
           (asked < 3 ? next_page(std::to_string(asked)) : "");
  });
  ASSERT_TRUE(listed.has_value()) << listed.error().message;
  ASSERT_EQ(listed.value().size(), 1U);
  EXPECT_FALSE(list_pages([](int) {
                 return "<Contents><Key>a</Key><Size>99999999999999999999</Size></Contents>";
               }).has_value())
      << "no number of 64 bits";
}

}  // namespace
}  // namespace aludel::io
