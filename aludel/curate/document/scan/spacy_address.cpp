#include "aludel/curate/document/scan/spacy_address.h"

#include <array>

#include <unicode/uchar.h>

#include "aludel/curate/document/scan/characters.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kLongestHostLabel = 64;
constexpr std::size_t kLongestHostEnd = 63;

bool is_in_set(char32_t c, std::u32string_view set) {
  return set.find(c) != std::u32string_view::npos;
}

bool is_host_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

/// True for a lower-case letter of a host. Letters without case count as lower case.
bool is_host_lower(char32_t c) {
  return character_table()[c].has(kPythonAlpha) && u_isupper(static_cast<UChar32>(c)) == 0;
}

bool is_host_character(char32_t c) {
  return is_host_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= 0xA1 && c <= 0xFFFF);
}

bool is_in_scheme(char32_t c) {
  return character_table()[c].has(kPythonAlnum) || is_in_set(c, U"_+-.");
}

/// True if the run ends at `at`, or continues there with a port and a path.
bool ends_address(std::u32string_view run, std::size_t at) {
  if (at < run.size() && run[at] == ':') {
    const std::size_t port = ++at;
    while (at < run.size() && is_host_digit(run[at])) {
      ++at;
    }
    if (at - port < 2 || at - port > 5) return false;
  }
  return at == run.size() || is_in_set(run[at], U"/?#");
}

/// True for a public address of four numbers: not private, local, multicast, network or broadcast.
bool is_numbered_host(std::u32string_view run) {
  std::array<unsigned, 4> parts{};
  std::size_t at = 0;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const std::size_t begin = at;
    while (at < run.size() && is_host_digit(run[at]) && at - begin < 3) {
      parts[part] = parts[part] * 10 + static_cast<unsigned>(run[at] - '0');
      ++at;
    }
    const bool is_end = part == 0 || part == 3;
    const bool is_padded = is_end && at > begin && run[begin] == '0';
    if (at == begin || is_padded || parts[part] > 255) return false;
    if (part < 3 && (at == run.size() || run[at++] != '.')) return false;
  }
  const auto [a, b, c, d] = parts;
  const bool is_closed = a == 10 || a == 127 || (a == 169 && b == 254) || (a == 192 && b == 168) ||
                         (a == 172 && b >= 16 && b <= 31);
  return a >= 1 && a <= 223 && d >= 1 && d <= 254 && !is_closed && ends_address(run, at);
}

bool is_named_host(std::u32string_view run) {
  std::size_t label = 0;
  std::size_t at = 0;
  bool has_dot = false;
  for (; at < run.size(); ++at) {
    const char32_t c = run[at];
    if (c == '.') {
      const bool ends_well =
          at > label && at - label <= kLongestHostLabel && is_host_character(run[at - 1]);
      if (!ends_well || !is_host_character(run[label])) return false;
      has_dot = true;
      label = at + 1;
    } else if (!is_host_character(c) && c != '_' && c != '-') {
      break;
    }
  }
  if (!has_dot || at - label < 2 || at - label > kLongestHostEnd) return false;
  for (std::size_t i = label; i < at; ++i) {
    if (!is_host_lower(run[i])) return false;
  }
  return ends_address(run, at);
}

bool is_host(std::u32string_view run) {
  return is_named_host(run) || is_numbered_host(run);
}

}  // namespace

bool is_spacy_address(std::u32string_view run) {
  if (run.find('.') == std::u32string_view::npos) return false;
  std::size_t scheme = 0;
  while (scheme < run.size() && is_in_scheme(run[scheme])) {
    ++scheme;
  }
  const bool has_scheme = scheme >= 2 && run.substr(scheme).starts_with(U"://");
  if (is_host(run) || (has_scheme && is_host(run.substr(scheme + 3)))) return true;
  for (std::size_t i = 1; i + 1 < run.size(); ++i) {  // anything before '@' may be a user
    if (run[i] == '@' && is_host(run.substr(i + 1))) return true;
  }
  return false;
}

}  // namespace aludel::curate
