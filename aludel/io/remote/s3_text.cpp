#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/io/percent.h"
#include "aludel/io/remote/s3_client.h"
#include "aludel/io/xml.h"

// Names, listings and settings of object stores: all that needs no network.
namespace aludel::io {
namespace {

constexpr std::string_view kScheme = "s3://";
constexpr std::size_t kMaxKeyBytes = 1024;  // of the protocol

std::string environment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
    if (value != nullptr && value[0] != '\0') return value;
  }
  return "";
}

Result<std::uint64_t> parse_size(std::string_view text) {
  const auto size = parse_length(text);
  if (!size) return Error{Code::corrupt_data, "[s3] a size is no number"};
  return *size;
}

/// Decodes a key where it is encoded, and checks it.
Status finish_key(std::string& key, bool is_encoded) {
  if (is_encoded) {
    std::ranges::replace(key, '+', ' ');  // how encoding-type=url writes a blank
    key = percent_decode(key);
  }
  if (!key.empty() && key.size() <= kMaxKeyBytes) return Ok{};
  return Error{Code::corrupt_data, fmt::format("[s3] a key of {} bytes, 1 to {} were expected",
                                               key.size(), kMaxKeyBytes)};
}

}  // namespace

S3Config s3_config_from_environment() {
  S3Config config;
  config.endpoint = environment({"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
  const std::string region = environment({"AWS_REGION", "AWS_DEFAULT_REGION"});
  if (!region.empty()) config.signing.region = region;
  config.signing.key_id = environment({"AWS_ACCESS_KEY_ID"});
  config.signing.secret = environment({"AWS_SECRET_ACCESS_KEY"});
  config.signing.session_token = environment({"AWS_SESSION_TOKEN"});
  return config;
}

Result<S3Path> parse_s3_path(std::string_view path) {
  S3Path parsed;
  if (path.starts_with(kScheme)) {
    const std::string_view rest = path.substr(kScheme.size());
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    parsed.bucket = rest.substr(0, slash);
    parsed.key = rest.substr(std::min(slash + 1, rest.size()));
  }
  const bool is_plain = std::ranges::all_of(parsed.bucket, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '.' || letter == '-' || letter == '_';
  });
  if (parsed.bucket.empty() || !is_plain) {
    return Error{Code::invalid_argument, fmt::format("{}: expected s3://BUCKET/KEY", path)};
  }
  return parsed;
}

Result<S3Listing> parse_s3_listing(std::string_view xml) {
  S3Listing listing;
  S3Object object;
  bool is_truncated = false;
  bool is_listing = false;
  bool is_encoded = false;
  std::string text;
  XmlReader reader(xml);
  for (XmlToken token; ALUDEL_TRY(reader.next(token));) {
    if (token.kind == XmlToken::Kind::text) {
      text += token.text;
      continue;
    }
    if (token.kind == XmlToken::Kind::start) {
      is_listing = is_listing || token.name == "ListBucketResult";
      if (token.name == "Contents") object = {};
    } else if (token.name == "EncodingType") {
      is_encoded = lower_ascii(text) == "url";
    } else if (token.name == "Key") {
      object.key = text;
    } else if (token.name == "ETag") {
      object.etag = text;
    } else if (token.name == "Size") {
      object.size_bytes = ALUDEL_TRY(parse_size(text));
    } else if (token.name == "Contents") {
      listing.objects.push_back(std::exchange(object, {}));
    } else if (token.name == "IsTruncated") {
      is_truncated = lower_ascii(text) == "true";
    } else if (token.name == "NextContinuationToken") {
      listing.continuation = text;
    }
    text.clear();
  }
  if (!is_listing) return Error{Code::corrupt_data, "[s3] the reply is no listing"};
  for (S3Object& one : listing.objects) {  // EncodingType may stand behind the keys
    ALUDEL_TRY(finish_key(one.key, is_encoded));
  }
  if (!is_truncated) listing.continuation.clear();
  if (is_truncated && listing.continuation.empty()) {
    return Error{Code::corrupt_data, "[s3] a cut listing without a token to go on with"};
  }
  return listing;
}

Result<std::string> xml_element(std::string_view xml, std::string_view name) {
  XmlReader reader(xml);
  std::string text;
  bool is_inside = false;
  for (XmlToken token; ALUDEL_TRY(reader.next(token));) {
    if (token.kind == XmlToken::Kind::text && is_inside) text += token.text;
    if (token.kind == XmlToken::Kind::start && token.name == name) is_inside = true;
    if (token.kind == XmlToken::Kind::end && token.name == name) return text;
  }
  return std::string();
}

}  // namespace aludel::io
