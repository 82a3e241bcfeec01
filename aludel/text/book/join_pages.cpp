#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "aludel/text/book/book.h"
#include "aludel/text/unwrap.h"

namespace aludel::text {
namespace {

constexpr std::size_t kEdgeLines = 2;  // at the top and the bottom of a page, of a short one 1

std::vector<std::string_view> lines_of(std::string_view page) {
  std::vector<std::string_view> lines;
  while (!page.empty()) {
    const std::size_t end = std::min(page.find_first_of("\n\f"), page.size());
    lines.push_back(page.substr(0, end));
    page.remove_prefix(std::min(end + 1, page.size()));
  }
  while (!lines.empty() && lines.back().find_first_not_of(" \t\r") == std::string_view::npos) {
    lines.pop_back();
  }
  return lines;
}

bool is_edge(std::size_t line, std::size_t count) {
  const std::size_t edge = std::clamp<std::size_t>(count / 4, 1, kEdgeLines);
  return line < edge || line + edge >= count;
}

/// A line without its digits and blanks, so that "Page 7" and "Page 8" are one.
std::string shape_of(std::string_view line) {
  std::string shape;
  for (const char letter : line) {
    const bool counts = letter < '0' || letter > '9';
    if (counts && letter != ' ' && letter != '\t' && letter != '\r') shape += letter;
  }
  return shape;
}

bool is_lower(char letter) {
  return letter >= 'a' && letter <= 'z';
}

/// Joins "exam-" and "ple" at a line's end; a hyphen before a capital or a digit stays.
std::string without_hyphenation(std::string text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_cut = text[i] == '-' && i > 0 && is_lower(text[i - 1]) && i + 2 < text.size() &&
                        text[i + 1] == '\n' && is_lower(text[i + 2]);
    if (is_cut) {
      ++i;  // the line end goes, too
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string join_pages(const std::vector<std::string>& pages) {
  std::map<std::string, std::size_t> returning;  // shapes of lines at the pages' edges
  for (const std::string& page : pages) {
    const auto lines = lines_of(page);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (is_edge(i, lines.size())) ++returning[shape_of(lines[i])];
    }
  }
  std::string text;
  for (const std::string& page : pages) {
    const auto lines = lines_of(page);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string shape = shape_of(lines[i]);
      const bool returns = pages.size() >= 3 && returning[shape] * 2 >= pages.size();
      const bool is_number = shape.empty() && !lines[i].empty();
      if (is_edge(i, lines.size()) && (returns || is_number)) continue;
      text.append(lines[i]).append("\n");
    }
  }
  text = unwrap(without_hyphenation(std::move(text)));
  while (text.ends_with('\n')) {
    text.pop_back();
  }
  return text;
}

}  // namespace aludel::text
