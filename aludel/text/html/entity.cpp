#include "aludel/text/html/entity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "aludel/base/utf8.h"

namespace aludel::text::html {
namespace {

struct NamedReference {
  std::string_view name;
  char32_t first;
  char32_t second;  // 0: the reference is one code point
  bool bare;        // also read without ";"
};

constexpr NamedReference kNamedReferences[] = {
#include "aludel/text/html/tables/entities.inc"
};
constexpr std::size_t kLongestName = 31;

// The characters for numbers 0x80 to 0x9F: windows-1252; 0 where that is undefined.
constexpr std::array<char32_t, 32> kC1 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

int digit_value(char c, int base) {
  const int value = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : 99;
  return value < base ? value : -1;
}

std::size_t append_numeric(std::string_view text, std::string& out) {
  const bool hexadecimal = text.size() > 2 && (text[2] | 0x20) == 'x';
  const int base = hexadecimal ? 16 : 10;
  std::size_t at = hexadecimal ? 3 : 2;
  const std::size_t first_digit = at;
  char32_t value = 0;
  while (at < text.size() && digit_value(text[at], base) >= 0) {
    value = std::min<char32_t>(
        value * static_cast<char32_t>(base) + static_cast<char32_t>(digit_value(text[at], base)),
        0x110000);
    ++at;
  }
  if (at == first_digit) {
    out += '&';
    return 1;
  }
  if (value >= 0x80 && value < 0xA0 && kC1[value - 0x80] != 0) value = kC1[value - 0x80];
  append_utf8(out, value == 0 ? kReplacementCharacter : value);
  return at < text.size() && text[at] == ';' ? at + 1 : at;
}

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

const NamedReference* find_named(std::string_view name) {
  const auto* at = std::lower_bound(
      std::begin(kNamedReferences), std::end(kNamedReferences), name,
      [](const NamedReference& row, std::string_view wanted) { return row.name < wanted; });
  return at != std::end(kNamedReferences) && at->name == name ? at : nullptr;
}

std::size_t append_found(const NamedReference& found, std::size_t taken, std::string& out) {
  append_utf8(out, found.first);
  if (found.second != 0) append_utf8(out, found.second);
  return taken;
}

}  // namespace

std::size_t append_character_reference(std::string_view text, std::string& out) {
  if (text.size() > 1 && text[1] == '#') return append_numeric(text, out);
  std::size_t end = 1;
  while (end < text.size() && end <= kLongestName && is_name_character(text[end])) {
    ++end;
  }
  if (end < text.size() && text[end] == ';') {
    const NamedReference* found = find_named(text.substr(1, end - 1));
    if (found != nullptr) return append_found(*found, end + 1, out);
  }
  for (; end > 2; --end) {  // "&ampx" reads as "&x"; bare names have at most 6 letters
    if (end > 7) end = 7;
    const NamedReference* found = find_named(text.substr(1, end - 1));
    if (found != nullptr && found->bare) return append_found(*found, end, out);
  }
  out += '&';
  return 1;
}

std::string decode_character_references(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find('&', at), text.size());
    out.append(text.substr(at, next - at));
    at = next;
    if (at < text.size()) at += append_character_reference(text.substr(at), out);
  }
  return out;
}

}  // namespace aludel::text::html
