#include "aludel/curate/layers/paragraph_dedup/paragraphs.h"

#include <algorithm>

#include "aludel/text/words.h"

namespace aludel::curate::paragraph_dedup {
namespace {

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\f\v") == std::string_view::npos;
}

Paragraph make_paragraph(std::string_view text, std::size_t begin, std::size_t end) {
  const auto words = text::word_hashes(text.substr(begin, end - begin));
  return {begin, end, words.size(),
          hash128({reinterpret_cast<const char*>(words.data()), words.size() * sizeof words[0]})};
}

}  // namespace

std::vector<Paragraph> split_paragraphs(std::string_view text) {
  struct Line {
    std::size_t begin, end;
    bool blank;
  };

  std::vector<Line> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back({at, end, is_blank(text.substr(at, end - at))});
    at = end + 1;
  }
  // Blank lines at the ends of the text do not split it.
  while (!lines.empty() && lines.back().blank)
    lines.pop_back();
  const auto first = std::ranges::find(lines, false, &Line::blank);
  const bool by_blank_line =
      std::find_if(first, lines.end(), [](const Line& line) { return line.blank; }) != lines.end();
  std::vector<Paragraph> paragraphs;
  for (auto line = first; line != lines.end(); ++line) {
    if (line->blank) continue;
    const std::size_t begin = line->begin;
    while (by_blank_line && line + 1 != lines.end() && !(line + 1)->blank)
      ++line;
    paragraphs.push_back(make_paragraph(text, begin, line->end));
  }
  return paragraphs;
}

}  // namespace aludel::curate::paragraph_dedup
