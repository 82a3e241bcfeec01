#include "aludel/text/unwrap.h"

#include <algorithm>
#include <span>
#include <vector>

#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

struct Line {
  std::string text;         // without indentation and blanks at the end
  std::size_t indentation;  // columns
  std::size_t end;          // the column behind it
};

constexpr char32_t kNoBreakSpace = 0xA0;

Line measured(std::string_view raw) {
  Line line{{}, 0, 0};
  for (std::size_t at = 0; at < raw.size();) {
    const CodePoint point = decode_utf8(raw, at);
    at += point.size_bytes;
    const bool blank = point.value == ' ' || point.value == '\t' || point.value == '\r' ||
                       point.value == kNoBreakSpace;
    if (!blank) {
      append_utf8(line.text, point.value);
    } else if (!line.text.empty()) {
      line.text += ' ';
    } else {
      ++line.indentation;
    }
    line.end += is_cjk(point.value) ? 2U : 1U;
  }
  line.text.erase(line.text.find_last_not_of(' ') + 1);
  return line;
}

/// Columns of a list's mark and the blanks behind it, 0 without one: "* ", "+ ", "- ", "12. ".
std::size_t mark_columns(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') {
    ++end;
  }
  if (end == text.size()) return 0;
  const bool marked =
      end > 0 ? text[end] == '.' : text[0] == '*' || text[0] == '+' || text[0] == '-';
  if (!marked) return 0;
  const std::size_t behind = text.find_first_not_of(' ', end + 1);
  return behind == std::string_view::npos || behind == end + 1 ? 0 : behind;
}

/// Whether the line is a table's border, which says nothing.
bool is_border(std::string_view text) {
  return text.size() > 2 && (text[0] == '+' || text[0] == '|') &&
         text.find_first_not_of("+-= |") == std::string_view::npos;
}

/// A table's row without the blanks that make its columns straight.
std::string narrowed(std::string_view row) {
  std::string out;
  for (const char byte : row) {
    if (byte != ' ' || !out.ends_with(' ')) out += byte;
  }
  return out;
}

bool is_layout(std::string_view text) {
  return text.starts_with('|') || text.starts_with("$ ") || text.starts_with("# ") ||
         text.find("   ") != std::string_view::npos;
}

/// The width that lines were broken at: of every ten lines of text, one may be wider.
std::size_t page_width(std::span<const Line> lines) {
  std::vector<std::size_t> ends;
  for (const Line& line : lines) {
    if (!line.text.empty() && !is_layout(line.text)) ends.push_back(line.end);
  }
  if (ends.empty()) return 0;
  const auto tenth = ends.end() - 1 - static_cast<std::ptrdiff_t>(ends.size() / 10);
  std::ranges::nth_element(ends, tenth);
  return *tenth;
}

bool goes_on(const Line& line, const Line& next, std::size_t width) {
  if (line.text.empty() || next.text.empty() || is_layout(line.text) || is_layout(next.text)) {
    return false;
  }
  if (line.end * 3 < width * 2 || mark_columns(next.text) > 0) return false;
  return next.indentation == line.indentation ||
         next.indentation == line.indentation + mark_columns(line.text);
}

bool ends_in_cjk(std::string_view text) {
  const std::size_t last = utf8_boundary(text, text.size() - 1);
  return is_cjk(decode_utf8(text, last).value);
}

}  // namespace

std::string unwrap(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    Line line = measured(text.substr(begin, end - begin));
    begin = end + 1;
    if (is_border(line.text)) continue;
    if (line.text.starts_with('|')) line.text = narrowed(line.text);
    lines.push_back(std::move(line));
  }
  const std::size_t width = page_width(lines);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += lines[i].text;
    if (i + 1 == lines.size() || !goes_on(lines[i], lines[i + 1], width)) {
      out += '\n';
    } else if (!ends_in_cjk(lines[i].text) || !is_cjk(decode_utf8(lines[i + 1].text, 0).value)) {
      out += ' ';
    }
  }
  return out;
}

}  // namespace aludel::text
