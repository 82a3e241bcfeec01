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

/// Takes the first line off `text` and returns it without its line end, LF or any CRs and LF.
std::string_view take_line(std::string_view& text);

/// The text without the blanks and tabs around it.
std::string_view trim_blanks(std::string_view text);

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;  // after transfer and content codings were undone
  /// The first thing that was wrong with the body and was mended, empty when nothing was:
  /// "wrong chunks" (they are kept as they are from the first wrong one on), "not chunked" or
  /// "content coding absent" (the body was stored decoded), "content coding unknown" (the body is
  /// as it came), "chunks not named" or "content coding not named" (no field says so), "cut" (the
  /// compressed data ended early).
  std::string_view defect;
};

/// The one of several Content-Type values that counts, joined by commas as Headers::joined() gives
/// them: the last one that is a type, with the charset of one before it where it names none itself
/// and the type is the same. "" when none is a type, or only "*/*", which says nothing.
/// Source: https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
std::string effective_content_type(std::string_view joined);

/// The media type of such a value in lower case, without its parameters: "text/html".
std::string media_type(std::string_view content_type);

/// Whether a body of this type should be text: HTML, XHTML or plain text.
bool is_page_type(std::string_view media_type);

/// Reads a whole stored response: status line, headers, body (chunked, gzip, deflate, br, zstd).
/// Empty lines before it and interim replies (100 Continue, 103 Early Hints) are passed over. The
/// codings that no field names are undone where the body should be text.
/// Errors: corrupt_data when there is no status line, resource_exhausted when the body is larger
/// than `max_body_bytes`. Source: RFC 9112, RFC 9110 section 8.4.
Result<HttpResponse> parse_http_response(std::string block, std::uint64_t max_body_bytes);

/// The same for a response whose first lines, up to the first empty one, are apart. OPTIMIZATION:
/// the body stays in its memory, since most bodies are stored as they are.
Result<HttpResponse> parse_http_response(std::string_view head, std::string body,
                                         std::uint64_t max_body_bytes);

}  // namespace aludel::io
