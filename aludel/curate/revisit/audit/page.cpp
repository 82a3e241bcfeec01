#include "aludel/curate/revisit/audit/page.h"

#include <algorithm>

#include "aludel/base/check.h"
#include "aludel/base/embedded.h"

namespace aludel::curate {

std::span<const EmbeddedFile> all_audit_pages();  // generated from audit/pages/

namespace audit {
namespace {

constexpr std::string_view kDocumentsHere = "[\"DOCUMENTS\"]";

/// Returns the JSON in a form that is safe inside a <script>. Writes what HTML or JavaScript could
/// take for more than a character of a string as \u…. None of these occurs in JSON outside strings.
std::string json_for_script(std::string_view json) {
  constexpr std::string_view kSeparators = "\xE2\x80";  // the beginning of U+2028 and U+2029
  std::string safe;
  safe.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '<') {
      safe += "\\u003c";
    } else if (c == '>') {
      safe += "\\u003e";
    } else if (c == '&') {
      safe += "\\u0026";
    } else if (json.substr(i, 2) == kSeparators && i + 2 < json.size() &&
               (json[i + 2] == '\xA8' || json[i + 2] == '\xA9')) {
      safe += json[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace

Json to_json(const SheetText& text) {
  Json json = Json::object();
  json["key"] = text.key;
  json["language"] = text.language;
  json["text"] = text.text;
  return json;
}

std::string render_page(std::span<const SheetText> texts) {
  const auto page = std::ranges::find(all_audit_pages(), "audit", &EmbeddedFile::name);
  ALUDEL_CHECK(page != all_audit_pages().end(), "the page of `audit` is missing");
  const std::size_t here = page->text.find(kDocumentsHere);
  ALUDEL_CHECK(here != std::string_view::npos, "the page of `audit` has a place for documents");
  std::string html(page->text.substr(0, here));
  html += "[";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    html += i == 0 ? "\n" : ",\n";
    html += json_for_script(to_json(texts[i]).dump());
  }
  html += "\n]";
  html += page->text.substr(here + kDocumentsHere.size());
  return html;
}

}  // namespace audit
}  // namespace aludel::curate
