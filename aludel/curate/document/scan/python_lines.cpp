#include "aludel/curate/document/scan/python_lines.h"

#include <algorithm>

#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/chunks.h"
#include "aludel/curate/document/scan/word_ids.h"

namespace aludel::curate {
namespace {

bool is_line_end(char32_t c) {
  return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 ||
         c == 0x2029;
}

}  // namespace

std::vector<std::string_view> python_splitlines(std::string_view text) {
  std::vector<std::string_view> lines;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool may_end = byte < 0x20 || byte == 0xC2 || byte == 0xE2;  // lead bytes of the others
    const CodePoint point = may_end ? decode_utf8(text, at) : CodePoint{U' ', 1};
    std::size_t next = at + point.size_bytes;
    if (is_line_end(point.value)) {
      if (byte == '\r' && next < text.size() && text[next] == '\n') ++next;
      lines.push_back(text.substr(begin, at - begin));
      begin = next;
    }
    at = next;
  }
  if (begin < text.size()) lines.push_back(text.substr(begin));
  return lines;
}

std::vector<std::string_view> python_split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  return parts;
}

std::vector<std::string_view> split_at_newlines(std::string_view text) {
  return python_split(text, "\n");
}

std::string_view python_strip(std::string_view text) {
  std::size_t first = text.size();
  std::size_t last = 0;
  const CharacterTable& table = character_table();
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (!table[point.value].has(kPythonSpace)) {
      first = at;
      break;
    }
    at += point.size_bytes;
  }
  for (std::size_t end = text.size(); end > first;) {
    const std::size_t begin = utf8_boundary(text, end - 1);
    if (!table[decode_utf8(text, begin).value].has(kPythonSpace)) {
      last = end;
      break;
    }
    end = begin;
  }
  return first < last ? text.substr(first, last - first) : std::string_view();
}

std::size_t characters_of(const std::vector<std::string_view>& lines) {
  std::size_t characters = 0;
  for (const std::string_view line : lines) {
    characters += count_characters(line);
  }
  return characters;
}

LineCopies count_later_copies(const std::vector<std::string_view>& lines) {
  LineCopies copies;
  WordIds ids(lines.size());
  for (const std::string_view line : lines) {
    const std::size_t seen = ids.size();
    ids.add(hash64(line) | 1U);
    if (ids.size() != seen) continue;
    ++copies.lines;
    copies.characters += count_characters(line);
  }
  return copies;
}

LineCopies count_all_copies(const std::vector<std::string_view>& lines) {
  WordIds ids(lines.size());
  std::vector<std::uint32_t> line_ids;
  line_ids.reserve(lines.size());
  for (const std::string_view line : lines) {
    line_ids.push_back(ids.add(hash64(line) | 1U));
  }
  LineCopies copies;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (ids.counts()[line_ids[i]] < 2) continue;
    ++copies.lines;
    copies.characters += count_characters(lines[i]);
  }
  return copies;
}

}  // namespace aludel::curate
