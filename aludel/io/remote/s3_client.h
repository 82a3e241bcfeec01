#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/io/remote/http_client.h"

namespace aludel::io {

/// Where an object store is, and who asks. Without a key id requests are not signed: public data.
struct S3Config {
  std::string endpoint;  // http(s)://host[:port]; empty for Amazon's own
  AwsSigning signing = {.region = "us-east-1", .key_id = {}, .secret = {}, .session_token = {}};
};

/// From AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION (or
/// AWS_DEFAULT_REGION) and AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL).
S3Config s3_config_from_environment();

/// s3://BUCKET/KEY. An empty key is the whole bucket.
struct S3Path {
  std::string bucket;
  std::string key;
};

/// Errors: invalid_argument for what is no such path.
Result<S3Path> parse_s3_path(std::string_view path);

struct S3Object {
  std::string key;
  std::uint64_t size_bytes = 0;
  std::string etag;
};

/// Objects of one listing: 2 million take about 400 MB.
inline constexpr std::size_t kMaxListed = 2'000'000;

/// One page of a listing.
struct S3Listing {
  std::vector<S3Object> objects;
  std::string continuation;  // empty on the last page
};

/// Reads the XML of ListObjectsV2. Keys are decoded only where the reply says that they are encoded
/// (EncodingType): some stores do not know the parameter encoding-type. Sizes are what the store
/// claims. Errors: corrupt_data, also for a key of more than 1,024 bytes.
Result<S3Listing> parse_s3_listing(std::string_view xml);

/// The text of the first element of that name, or an empty string; for the small replies of the
/// other calls. Errors: corrupt_data.
Result<std::string> xml_element(std::string_view xml, std::string_view name);

/// The calls of Amazon's S3 protocol that a file system needs. Errors of all: not_found, io_error
/// with the store's own words; no message ever has a credential. Concurrent calls: yes.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/
class S3Client {
 public:
  S3Client(HttpClient& http, S3Config config) : http_(http), config_(std::move(config)) {}

  Result<S3Object> head(const S3Path& path);
  /// Bytes [begin, end). io_error when the object is no longer the one that `etag` names.
  Result<std::string> get(const S3Path& path, std::uint64_t begin, std::uint64_t end,
                          std::string_view etag);
  /// All objects whose key begins so, in the order of their keys. Errors: resource_exhausted for
  /// more than kMaxListed, or for a listing of far too many pages; io_error for one that goes round
  /// in a circle.
  Result<std::vector<S3Object>> list(const std::string& bucket, std::string_view prefix);
  Status put(const S3Path& path, std::string_view bytes);
  Status remove(const S3Path& path);
  /// Objects up to 5 GB, within the store.
  Status copy(const S3Path& from, const S3Path& to);

  /// A multipart upload: parts are numbered from 1, the object appears when it is completed.
  Result<std::string> start_upload(const S3Path& path);
  Result<std::string> upload_part(const S3Path& path, std::string_view upload, int number,
                                  std::string_view bytes);  // its etag
  Status complete_upload(const S3Path& path, std::string_view upload,
                         const std::vector<std::string>& etags);
  Status abort_upload(const S3Path& path, std::string_view upload);

  const HttpPatience& patience() const { return http_.patience(); }

 private:
  struct Call;

  Result<HttpReply> send(const S3Path& path, const Call& call);
  std::string url_of(const S3Path& path, std::string_view query) const;

  HttpClient& http_;
  S3Config config_;
};

}  // namespace aludel::io
