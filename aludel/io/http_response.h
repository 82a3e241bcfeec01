#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"

// HTTP messages as archives hold them: read leniently, for crawlers and servers make mistakes.
namespace aludel::io {

struct Header {
  std::string name;
  std::string value;
};

/// Header fields in the order of the message.
class Headers {
 public:
  void add(std::string name, std::string value) {
    all_.push_back({std::move(name), std::move(value)});
  }

  /// The first value of that name, in whatever case; nullptr when there is none.
  const std::string* find(std::string_view name) const;

  /// That value, or an empty string.
  std::string_view get(std::string_view name) const;

  /// All values of that name, joined by ", " (RFC 9110, 5.3).
  std::string joined(std::string_view name) const;

  const std::vector<Header>& all() const { return all_; }

 private:
  std::vector<Header> all_;
};

/// Reads "Name: value" lines up to an empty line and takes them off `text`; lines may end in LF
/// alone, folded lines are joined, a line without a colon is skipped. Concurrent calls: yes.
Headers read_headers(std::string_view& text);

/// The size that a Content-Length says; nothing for what is not digits alone.
std::optional<std::uint64_t> parse_length(std::string_view text);

/// Takes the first line off `text` and returns it without its line end.
std::string_view take_line(std::string_view& text);

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;  // after transfer and content codings were undone
  /// What was wrong with the body and mended, empty when nothing: "wrong chunks" (they
  /// are kept as they are from the first wrong one on), "not chunked", "content coding absent" (it
  /// was stored decoded), "cut" (the compressed data ended early).
  std::string_view defect;
};

/// The media type of a Content-Type value in lower case, without its parameters: "text/html".
std::string media_type(std::string_view content_type);

/// Reads a whole stored response: status line, headers, body (chunked, gzip, deflate, br).
/// Errors: corrupt_data when there is no status line, unsupported for a content coding that is not
/// known, resource_exhausted when the body is larger than `max_body_bytes`.
/// Source: RFC 9112, RFC 9110 section 8.4.
Result<HttpResponse> parse_http_response(std::string_view block, std::uint64_t max_body_bytes);

}  // namespace aludel::io
