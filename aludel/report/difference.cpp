#include "aludel/report/difference.h"

#include <algorithm>
#include <vector>

#include "aludel/base/check.h"
#include "aludel/report/html.h"

namespace aludel::report {
namespace {

constexpr std::size_t kMostBytes = 10'000;

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/// Words, and the spaces between them; a Chinese sentence without spaces is taken letter by letter.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= text.size(); ++i) {
    const bool is_inside =
        i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U;
    const bool both_plain = i < text.size() && static_cast<unsigned char>(text[i]) < 0x80U &&
                            static_cast<unsigned char>(text[i - 1]) < 0x80U;
    if (is_inside || (both_plain && is_space(text[i]) == is_space(text[i - 1]))) continue;
    parts.push_back(text.substr(begin, i - begin));
    begin = i;
  }
  return parts;
}

/// Adds a part; runs of parts of one kind share one element.
void append(std::string& html, std::string_view part, std::string_view tag, bool& is_open) {
  if (!tag.empty() && !is_open) html += "<" + std::string(tag) + ">";
  html += escape_html(part);
  is_open = !tag.empty();
}

}  // namespace

Difference difference(std::string_view before, std::string_view after) {
  ALUDEL_CHECK(std::max(before.size(), after.size()) <= kMostBytes, "texts are excerpts");
  const std::vector<std::string_view> a = parts_of(before);
  const std::vector<std::string_view> b = parts_of(after);
  // common[i][j]: length of the longest common subsequence of a from i on and b from j on.
  std::vector<std::vector<int>> common(a.size() + 1, std::vector<int>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i][j] =
          a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  Difference html;
  bool in_removed = false;
  bool in_added = false;
  std::size_t i = 0;
  std::size_t j = 0;
  const auto close = [](std::string& text, const char* tag, bool& is_open) {
    if (is_open) text += tag;
    is_open = false;
  };
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      close(html.before, "</del>", in_removed);
      close(html.after, "</ins>", in_added);
      append(html.before, a[i++], "", in_removed);
      append(html.after, b[j++], "", in_added);
    } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
      append(html.before, a[i++], "del", in_removed);
    } else {
      append(html.after, b[j++], "ins", in_added);
    }
  }
  close(html.before, "</del>", in_removed);
  close(html.after, "</ins>", in_added);
  return html;
}

}  // namespace aludel::report
