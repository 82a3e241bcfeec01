#include "aludel/io/html_sniff.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "aludel/base/ascii.h"
#include "aludel/io/binary.h"

namespace aludel::io {
namespace {

// With which a part of a page may begin.
constexpr std::string_view kElements[] = {
    "a",       "abbr",   "address", "article", "aside",    "b",        "blockquote", "body",
    "br",      "button", "caption", "center",  "cite",     "code",     "dd",         "details",
    "div",     "dl",     "dt",      "em",      "fieldset", "figure",   "font",       "footer",
    "form",    "h1",     "h2",      "h3",      "h4",       "h5",       "h6",         "head",
    "header",  "hgroup", "hr",      "html",    "i",        "iframe",   "img",        "input",
    "ins",     "label",  "li",      "link",    "main",     "meta",     "nav",        "noscript",
    "ol",      "p",      "picture", "pre",     "q",        "ruby",     "s",          "script",
    "section", "select", "small",   "span",    "strong",   "style",    "sub",        "summary",
    "sup",     "svg",    "table",   "tbody",   "td",       "template", "textarea",   "th",
    "thead",   "time",   "title",   "tr",      "tt",       "u",        "ul",         "video"};

constexpr std::size_t kSniffed = std::size_t{64} << 10;  // a comment before the page may be long

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// The first bytes in lower case; of UTF-16 those that are ASCII.
std::string lower_head(std::string_view bytes) {
  bytes = bytes.substr(0, kSniffed);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const bool marked = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
  if (!marked && utf16_by_zeros(bytes).empty()) return lower_ascii(bytes);
  std::string head;
  for (const char c : bytes.substr(marked ? 2 : 0)) {
    if (c != '\0') head += lower_ascii(c);
  }
  return head;
}

// Skips what may stand before a page: blanks, comments, declarations of XML. Returns the rest.
std::string_view without_preamble(std::string_view head) {
  while (true) {
    const auto first = std::find_if_not(head.begin(), head.end(), is_blank);
    head.remove_prefix(static_cast<std::size_t>(first - head.begin()));
    const bool comment = head.starts_with("<!--");
    if (!comment && !head.starts_with("<?xml")) return head;
    const std::string_view mark = comment ? "-->" : ">";
    const std::size_t end = head.find(mark, comment ? 2 : 0);
    if (end == std::string_view::npos) return head;
    head.remove_prefix(end + mark.size());
  }
}

bool ends_tag(std::string_view rest) {
  return rest.empty() || is_blank(rest[0]) || rest[0] == '>' || rest[0] == '/';
}

bool begins_with_tag(std::string_view lower, std::string_view tag) {
  return lower.starts_with(tag) && ends_tag(lower.substr(tag.size()));
}

bool is_page(std::string_view head) {
  if (begins_with_tag(head, "<html")) return true;
  constexpr std::string_view kDoctype = "<!doctype";
  if (!head.starts_with(kDoctype)) return false;
  head.remove_prefix(kDoctype.size());
  const std::size_t name = head.find_first_not_of(" \t\r\n");
  return name != std::string_view::npos && begins_with_tag(head.substr(name), "html");
}

// Other markup may stand before the page, of a script that failed or of another language.
bool names_page(std::string_view head) {
  constexpr auto kNone = std::string_view::npos;
  return head.find("<html") != kNone || head.find("<!doctype html") != kNone ||
         head.find("<body") != kNone;
}

}  // namespace

bool begins_as_html(std::string_view bytes) {
  const std::string lower = lower_head(bytes);
  const std::string_view head = without_preamble(lower);
  if (is_page(head) || head.starts_with("<!--")) return true;  // a comment that goes on
  if (!head.starts_with('<')) return false;
  if (names_page(head.substr(0, 1024))) return true;
  const std::string_view name = head.substr(1, head.find_first_of(" \t\r\n\f/>", 1) - 1);
  return std::ranges::find(kElements, name) != std::end(kElements) &&
         ends_tag(head.substr(1 + name.size()));
}

bool begins_as_html_page(std::string_view bytes) {
  const std::string lower = lower_head(bytes);
  return is_page(without_preamble(lower));
}

bool begins_as_xml(std::string_view bytes) {
  const std::string head = lower_head(bytes.substr(0, 64));
  const std::size_t first = std::min(head.find_first_not_of(" \t\r\n"), head.size());
  return head.compare(first, 5, "<?xml") == 0;
}

}  // namespace aludel::io
