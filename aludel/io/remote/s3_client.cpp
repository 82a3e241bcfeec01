#include "aludel/io/remote/s3_client.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "aludel/io/digest.h"
#include "aludel/io/percent.h"

namespace aludel::io {
namespace {

constexpr std::uint64_t kMaxReplyBytes = std::uint64_t{64} << 20;
constexpr std::size_t kMaxPages = 20'000;  // of a listing; they have 1,000 objects as a rule

std::string shown(const S3Path& path) {
  return fmt::format("s3://{}/{}", path.bucket, path.key);
}

/// What the store said, with the remedy where one is known.
Error store_error(const S3Path& path, const HttpReply& reply) {
  const std::string code = xml_element(reply.body, "Code").value_or("");
  const std::string message = xml_element(reply.body, "Message").value_or("");
  std::string remedy;
  if (reply.status == 403) {
    remedy = "; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the bucket's policy";
  } else if (reply.status == 301 || reply.status == 307 || reply.status == 400) {
    const std::string_view region = reply.headers.get("x-amz-bucket-region");
    if (!region.empty()) remedy = fmt::format("; the bucket is in AWS_REGION={}", region);
  }
  return {reply.status == 404 ? Code::not_found : Code::io_error,
          fmt::format("{}: the store answered {}{}{}{}{}{}", shown(path), reply.status,
                      code.empty() ? "" : " ", code, message.empty() ? "" : ": ",
                      message.substr(0, 200), remedy)};
}

}  // namespace

/// What differs between the calls.
struct S3Client::Call {
  std::string method = "GET";
  std::string query = {};  // encoded, sorted, each with a "="
  std::vector<Header> headers = {};
  std::string_view body = {};
  std::uint64_t max_reply_bytes = kMaxReplyBytes;
};

std::string S3Client::url_of(const S3Path& path, std::string_view query) const {
  const std::string key = percent_encode(path.key, Slashes::keep);
  const bool has_dot = path.bucket.find('.') != std::string::npos;  // no certificate fits
  std::string url;
  if (!config_.endpoint.empty()) {
    const std::string_view endpoint = config_.endpoint;
    url = fmt::format("{}/{}/{}", endpoint.substr(0, endpoint.find_last_not_of('/') + 1),
                      path.bucket, key);
  } else if (has_dot) {
    url =
        fmt::format("https://s3.{}.amazonaws.com/{}/{}", config_.signing.region, path.bucket, key);
  } else {
    url =
        fmt::format("https://{}.s3.{}.amazonaws.com/{}", path.bucket, config_.signing.region, key);
  }
  return query.empty() ? url : fmt::format("{}?{}", url, query);
}

Result<HttpReply> S3Client::send(const S3Path& path, const Call& call) {
  HttpRequest request;
  request.method = call.method;
  request.url = url_of(path, call.query);
  request.headers = call.headers;
  request.body = call.body;
  request.max_reply_bytes = call.max_reply_bytes;
  if (!config_.signing.key_id.empty()) {
    request.signing = &config_.signing;
    request.headers.push_back({"x-amz-content-sha256", sha256_hex(call.body)});
  }
  if (!call.body.empty()) {
    request.headers.push_back({"Content-Type", "application/octet-stream"});
  }
  HttpReply reply = ALUDEL_TRY(http_.send(request));
  if (reply.status < 200 || reply.status > 299) return store_error(path, reply);
  return reply;
}

Result<S3Object> S3Client::head(const S3Path& path) {
  const HttpReply reply = ALUDEL_TRY(send(path, {.method = "HEAD"}));
  const auto size = parse_length(reply.headers.get("content-length"));
  if (!size) return Error{Code::io_error, shown(path) + ": the store gave no size"};
  return S3Object{path.key, *size, std::string(reply.headers.get("etag"))};
}

Result<std::string> S3Client::get(const S3Path& path, std::uint64_t begin, std::uint64_t end,
                                  std::string_view etag) {
  HttpReply reply =
      ALUDEL_TRY(send(path, {.headers = {{"Range", fmt::format("bytes={}-{}", begin, end - 1)}}}));
  if (!etag.empty() && reply.headers.get("etag") != etag) {
    return Error{Code::io_error, shown(path) + ": changed while it was read"};
  }
  if (reply.body.size() != end - begin) {
    return Error{Code::io_error, fmt::format("{}: {} bytes came, {} were asked for", shown(path),
                                             reply.body.size(), end - begin)};
  }
  return std::move(reply.body);
}

Result<std::vector<S3Object>> S3Client::list(const std::string& bucket, std::string_view prefix) {
  std::vector<S3Object> all;
  std::string continuation;
  std::unordered_set<std::string> seen;  // continuation tokens
  const std::string name = shown({bucket, std::string(prefix)});
  do {
    std::string query;
    if (!continuation.empty()) {
      query = fmt::format("continuation-token={}&", percent_encode(continuation, Slashes::encode));
    }
    query += fmt::format("encoding-type=url&list-type=2&prefix={}",
                         percent_encode(prefix, Slashes::encode));
    const HttpReply reply = ALUDEL_TRY(send({bucket, ""}, {.query = std::move(query)}));
    auto page = parse_s3_listing(reply.body);
    if (!page) return std::move(page).error().with_context(name);
    continuation = std::move(page.value().continuation);
    if (!continuation.empty() && !seen.insert(sha256_hex(continuation)).second) {
      return Error{Code::io_error, name + ": the listing goes round in a circle"};
    }
    std::ranges::move(page.value().objects, std::back_inserter(all));
    if (all.size() > kMaxListed || seen.size() > kMaxPages) {
      return Error{Code::resource_exhausted,
                   fmt::format("{}: a listing of more than {} objects or {} pages; name longer "
                               "prefixes, as sources of their own",
                               name, kMaxListed, kMaxPages)};
    }
  } while (!continuation.empty());
  std::ranges::sort(all, {}, &S3Object::key);
  const auto is_same = [](const S3Object& a, const S3Object& b) { return a.key == b.key; };
  all.erase(std::unique(all.begin(), all.end(), is_same), all.end());
  return all;
}

Status S3Client::put(const S3Path& path, std::string_view bytes) {
  ALUDEL_TRY(send(path, {.method = "PUT", .body = bytes}));
  return Ok{};
}

Status S3Client::remove(const S3Path& path) {
  const auto reply = send(path, {.method = "DELETE"});
  if (!reply && reply.error().code != Code::not_found) return reply.error();
  return Ok{};
}

Status S3Client::copy(const S3Path& from, const S3Path& to) {
  const std::string source =
      fmt::format("/{}/{}", from.bucket, percent_encode(from.key, Slashes::keep));
  const HttpReply reply =
      ALUDEL_TRY(send(to, {.method = "PUT", .headers = {{"x-amz-copy-source", source}}}));
  // A copy that fails late is a reply of 200 with an error in it.
  if (reply.body.find("<Error>") != std::string::npos) return store_error(to, reply);
  return Ok{};
}

Result<std::string> S3Client::start_upload(const S3Path& path) {
  const HttpReply reply = ALUDEL_TRY(send(path, {.method = "POST", .query = "uploads="}));
  std::string upload = ALUDEL_TRY(xml_element(reply.body, "UploadId"));
  if (upload.empty()) return Error{Code::io_error, shown(path) + ": the store gave no UploadId"};
  return upload;
}

Result<std::string> S3Client::upload_part(const S3Path& path, std::string_view upload, int number,
                                          std::string_view bytes) {
  const std::string query =
      fmt::format("partNumber={}&uploadId={}", number, percent_encode(upload, Slashes::encode));
  const HttpReply reply = ALUDEL_TRY(send(path, {.method = "PUT", .query = query, .body = bytes}));
  return std::string(reply.headers.get("etag"));
}

Status S3Client::complete_upload(const S3Path& path, std::string_view upload,
                                 const std::vector<std::string>& etags) {
  std::string xml = "<CompleteMultipartUpload>";
  for (std::size_t i = 0; i < etags.size(); ++i) {
    xml += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", i + 1, etags[i]);
  }
  xml += "</CompleteMultipartUpload>";
  const std::string query = "uploadId=" + percent_encode(upload, Slashes::encode);
  const HttpReply reply = ALUDEL_TRY(send(path, {.method = "POST", .query = query, .body = xml}));
  if (reply.body.find("<Error>") != std::string::npos) return store_error(path, reply);
  return Ok{};
}

Status S3Client::abort_upload(const S3Path& path, std::string_view upload) {
  const std::string query = "uploadId=" + percent_encode(upload, Slashes::encode);
  ALUDEL_TRY(send(path, {.method = "DELETE", .query = query}));
  return Ok{};
}

}  // namespace aludel::io
