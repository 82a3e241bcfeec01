#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "aludel/io/binary.h"
#include "aludel/io/formats/warc.h"
#include "aludel/io/html_sniff.h"

namespace aludel::io {

Result<WebPageReader> WebPageReader::open(FileSystem& files, const std::string& path,
                                          const WebPageOptions& options) {
  WarcOptions warc = options.warc;
  warc.splits_http_head = true;
  return WebPageReader(ALUDEL_TRY(WarcReader::open(files, path, warc)), options);
}

Result<std::optional<WebPage>> WebPageReader::next() {
  while (true) {
    auto record = ALUDEL_TRY(records_.next());
    if (!record) return std::optional<WebPage>();
    std::string truncated(record->headers.get("warc-truncated"));
    auto page = page_of(std::move(*record));
    if (!page) continue;
    page->truncated = std::move(truncated);
    return page;
  }
}

Counts WebPageReader::defects() const {
  Counts all = records_.defects();
  all.insert(mended_.begin(), mended_.end());
  return all;
}

std::optional<WebPage> WebPageReader::skip(const std::string& reason) {
  ++skipped_[reason.substr(0, 60)];
  return std::nullopt;
}

std::optional<WebPage> WebPageReader::page_of(WarcRecord record) {
  if (record.type == "response") return page_of_response(std::move(record));
  const bool is_text =
      record.type == "conversion" || (record.type == "resource" && is_web_address(record.uri));
  if (!is_text) return skip("type " + record.type);
  std::string content_type = effective_content_type(record.headers.joined("content-type"));
  if (!is_page_type(media_type(content_type))) {
    return skip("media type " + media_type(content_type));
  }
  if (record.block.empty()) return skip("empty");
  if (!binary_kind(record.block).empty()) return skip("binary");
  if (record.block.size() > options_.max_body_bytes) return skip("body too large");
  return WebPage{std::move(record.uri),
                 std::move(record.date),
                 std::move(content_type),
                 std::move(record.block),
                 record.offset,
                 {},
                 {}};
}

std::optional<WebPage> WebPageReader::page_of_response(WarcRecord record) {
  if (!is_web_address(record.uri)) return skip("no http");
  auto response =
      parse_http_response(record.http_head, std::move(record.block), options_.max_body_bytes);
  if (!response) {
    const Code code = response.error().code;
    return skip(code == Code::resource_exhausted ? "body too large" : "bad http");
  }
  HttpResponse& http = response.value();
  if (http.status != 200) return skip(fmt::format("status {}", http.status));
  std::string content_type = effective_content_type(http.headers.joined("content-type"));
  const std::string type = media_type(content_type);
  if (type.empty() ? !begins_as_html(http.body) : !is_page_type(type)) {
    return skip("media type " + (type.empty() ? "unknown" : type));
  }
  if (http.body.empty()) return skip("empty");
  if (!binary_kind(http.body).empty()) return skip("binary");
  if (!http.defect.empty()) ++mended_[fmt::format("http {}", http.defect)];
  return WebPage{std::move(record.uri),
                 std::move(record.date),
                 std::move(content_type),
                 std::move(http.body),
                 record.offset,
                 std::move(http.headers),
                 {}};
}

}  // namespace aludel::io
