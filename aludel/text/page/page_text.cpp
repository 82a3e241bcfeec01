#include "aludel/text/page/page_text.h"

#include "aludel/base/utf8.h"
#include "aludel/io/binary.h"
#include "aludel/io/html_sniff.h"
#include "aludel/io/http_response.h"
#include "aludel/text/charset.h"

namespace aludel::text {
namespace {

enum class PageKind : std::uint8_t { html, xhtml, text, neither };

constexpr std::string_view kXhtmlType = "application/xhtml+xml";

bool is_general(std::string_view type) {
  return type.empty() || type == "application/octet-stream" || type == "unknown/unknown" ||
         type == "application/unknown" || type == "*/*";
}

struct Kind {
  PageKind page;
  std::string_view not_text;  // the name of what is neither
};

Kind kind_of(std::string_view bytes, std::string_view type) {
  const std::string_view binary = io::binary_kind(bytes);
  if (!binary.empty()) return {PageKind::neither, binary};
  if (type == "text/html") return {PageKind::html, ""};
  if (type == kXhtmlType) return {PageKind::xhtml, ""};
  const bool general = is_general(type);
  const bool xml = io::begins_as_xml(bytes);
  if (general ? io::begins_as_html(bytes) : io::begins_as_html_page(bytes)) {
    return {general && xml ? PageKind::xhtml : PageKind::html, ""};
  }
  if (general && xml) return {PageKind::neither, "XML"};
  const bool is_text = general || type.starts_with("text/");
  return is_text ? Kind{PageKind::text, ""} : Kind{PageKind::neither, type};
}

// Leaves out control characters (C0, DEL, C1): no title has them, and terminals and databases
// stumble over them.
std::string without_controls(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const bool is_control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0);
    if (!is_control) out += text.substr(at, point.size_bytes);
    at += point.size_bytes;
  }
  return out;
}

// Returns the fields that the page states.
Json metadata_json(const html::PageMetadata& metadata) {
  Json fields = Json::object();
  const auto add = [&](const char* name, std::string_view stated) {
    std::string value = without_controls(stated);
    if (!value.empty()) fields[name] = std::move(value);
  };
  add("title", metadata.title);
  add("author", metadata.author);
  add("date", metadata.date);
  add("site_name", metadata.site_name);
  add("language", metadata.language);
  return fields;
}

}  // namespace

PageText page_text(std::string_view bytes, std::string_view content_type, TextForm form,
                   html::Comments comments) {
  PageText page;
  const std::string type = io::media_type(content_type);
  const Kind kind = kind_of(bytes, type);
  if (kind.page == PageKind::neither) {
    page.not_text = kind.not_text;
    page.notes["not_text"] = page.not_text;
    return page;
  }
  // OPTIMIZATION: most pages are UTF-8, and a copy of one costs as much as its validation.
  const DecodedText decoded = decode_to_utf8(bytes, content_type, Unchanged::left);
  const std::string_view text = decoded.is_given ? bytes : decoded.text;
  page.notes["charset"] = decoded.charset;
  page.notes["charset_source"] = name_of(decoded.source);
  if (decoded.replaced > 0) page.notes["replaced"] = static_cast<std::uint64_t>(decoded.replaced);
  if (kind.page == PageKind::text) {
    page.text = text;
    return page;
  }
  const auto markup = kind.page == PageKind::xhtml ? html::Markup::xhtml : html::Markup::html;
  ExtractedPage extracted = extract_page(text, form, markup, comments);
  page.text = std::move(extracted.text);
  page.consent = consent_in_markup(text);
  if (!extracted.title.empty()) page.notes["title"] = without_controls(extracted.title);
  if (!extracted.language.empty()) page.notes["declared_language"] = std::move(extracted.language);
  page.metadata = metadata_json(extracted.metadata);
  if (extracted.truncated) page.notes["truncated"] = true;
  return page;
}

}  // namespace aludel::text
