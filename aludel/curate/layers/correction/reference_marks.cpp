#include "aludel/curate/layers/correction/reference_marks.h"

#include <algorithm>
#include <array>

namespace aludel::curate {
namespace {

constexpr auto kWordMarks = std::to_array<std::string_view>(
    {"[edit]", "[citation needed]", "[编辑]", "[編輯]", "[来源请求]", "[來源請求]"});
constexpr std::size_t kMostDigits = 3;

bool is_note_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Returns the size of a mark such as "[12]" at `at`; 0 if there is none.
std::size_t number_mark_size(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && end - at <= kMostDigits && is_note_digit(text[end])) {
    ++end;
  }
  const bool is_mark = end > at + 1 && end < text.size() && text[end] == ']';
  return is_mark ? end + 1 - at : 0;
}

std::size_t word_mark_size(std::string_view text, std::size_t at) {
  for (const std::string_view mark : kWordMarks) {
    if (text.substr(at).starts_with(mark)) return mark.size();
  }
  return 0;
}

bool ends_clause(std::string_view text) {
  constexpr auto kEnds = std::to_array<std::string_view>({".", ",", ";", "。", "，", "；", "”"});
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return text.ends_with(end); });
}

bool cites_by_number(std::string_view text) {
  bool cites = false;
  for (auto at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
    if (number_mark_size(text, at) == 0) continue;
    if (text.substr(at).starts_with("[0]")) return false;
    const std::string_view before = text.substr(0, at);
    cites = cites || (ends_clause(before) && !before.ends_with(".."));
  }
  return cites;
}

bool is_line_begin(std::string_view text, std::size_t at) {
  return at == 0 || text[at - 1] == '\n';
}

}  // namespace

UnmarkedText strip_reference_marks(std::string_view text) {
  UnmarkedText result;
  const bool numbers_go = cites_by_number(text);
  std::size_t done = 0;
  for (auto at = text.find('['); at != std::string_view::npos; at = text.find('[', at)) {
    std::size_t size = word_mark_size(text, at);
    if (size == 0 && numbers_go && !is_line_begin(text, at)) size = number_mark_size(text, at);
    if (size == 0) {
      ++at;
      continue;
    }
    result.text += text.substr(done, at - done);
    at += size;
    done = at;
    ++result.marks;
    const bool ends_here =
        at == text.size() || std::string_view(" \t\n.,;:").find(text[at]) != std::string_view::npos;
    if (ends_here && result.text.ends_with(' ')) result.text.pop_back();
  }
  result.text += text.substr(done);
  return result;
}

}  // namespace aludel::curate
