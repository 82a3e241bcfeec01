#include "aludel/curate/layers/language/page_text.h"

#include "aludel/base/ascii.h"
#include "aludel/io/http_response.h"
#include "aludel/text/charset.h"

namespace aludel::curate {
namespace {

enum class PageKind : std::uint8_t { html, text, neither };

bool begins_as_html(std::string_view bytes) {
  const std::string head = lower_ascii(bytes.substr(0, 1024));
  const std::size_t first = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string::npos || head[first] != '<') return false;
  for (const std::string_view tag :
       {"<!doctype html", "<html", "<head", "<body", "<title", "<div"}) {
    if (head.find(tag) != std::string::npos) return true;
  }
  return false;
}

// No text in any encoding but UTF-16 holds zero bytes.
bool is_binary(std::string_view bytes) {
  const bool utf16 = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
  return !utf16 && bytes.substr(0, 4096).find('\0') != std::string_view::npos;
}

PageKind kind_of(std::string_view bytes, std::string_view content_type) {
  const std::string type = io::media_type(content_type);
  if (type == "text/html" || type == "application/xhtml+xml") return PageKind::html;
  if (is_binary(bytes)) return PageKind::neither;
  if (begins_as_html(bytes)) return PageKind::html;
  const bool general = type.empty() || type == "application/octet-stream";
  return general || type.starts_with("text/") ? PageKind::text : PageKind::neither;
}

}  // namespace

PageText page_text(std::string_view bytes, std::string_view content_type, text::TextForm form) {
  PageText page;
  const PageKind kind = kind_of(bytes, content_type);
  if (kind == PageKind::neither) return page;
  text::DecodedText decoded = text::decode_to_utf8(bytes, content_type);
  page.notes["charset"] = decoded.charset;
  page.notes["charset_source"] = text::name_of(decoded.source);
  if (decoded.replaced > 0) page.notes["replaced"] = static_cast<std::uint64_t>(decoded.replaced);
  if (kind == PageKind::text) {
    page.text = std::move(decoded.text);
    return page;
  }
  text::ExtractedPage extracted = text::extract_page(decoded.text, form);
  page.text = std::move(extracted.text);
  page.consent = consent_in_markup(decoded.text);
  if (!extracted.title.empty()) page.notes["title"] = std::move(extracted.title);
  if (!extracted.language.empty()) page.notes["declared_language"] = std::move(extracted.language);
  if (extracted.truncated) page.notes["truncated"] = true;
  return page;
}

}  // namespace aludel::curate
