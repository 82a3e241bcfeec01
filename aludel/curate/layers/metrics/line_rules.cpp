#include "aludel/curate/layers/metrics/line_rules.h"

#include <algorithm>
#include <array>

#include <unicode/uchar.h>

#include "aludel/base/ascii.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/scan/chunks.h"

namespace aludel::curate {
namespace {

bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_mostly_capitals(std::string_view line) {
  std::size_t capitals = 0;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < line.size(); ++characters) {
    const CodePoint point = decode_utf8(line, at);
    if (u_isupper(static_cast<UChar32>(point.value)) != 0) ++capitals;
    at += point.size_bytes;
  }
  return capitals * 2 > characters;
}

/// "12 likes", "1.2K views": symbols, a number, an optional unit, white space, a word of the list,
/// symbols.
bool is_counter(std::string_view line) {
  static constexpr std::array<std::string_view, 12> kCounted = {
      "likes",     "shares",  "comments",  "retweets",  "reposts", "quotes",
      "bookmarks", "upvotes", "downvotes", "downloads", "views",   "followers"};
  const auto is_word = [](char c) {
    return static_cast<unsigned char>(c) >= 128 || is_ascii_digit(c) || c == '_' ||
           ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  };
  std::size_t at = 0;
  while (at < line.size() && !is_word(line[at])) {
    ++at;
  }
  if (at == line.size() || !is_ascii_digit(line[at])) return false;
  while (at < line.size() && (is_ascii_digit(line[at]) || line[at] == ',' || line[at] == '.')) {
    ++at;
  }
  std::string rest = lower_ascii(line.substr(at));
  std::string_view left = rest;
  if (!left.empty() && (left[0] == 'k' || left[0] == 'm' || left[0] == 'b')) left.remove_prefix(1);
  const std::size_t word = left.find_first_not_of(" \t\r\f\v");
  if (word == 0 || word == std::string_view::npos) return false;
  left.remove_prefix(word);
  return std::ranges::any_of(kCounted, [&](std::string_view counted) {
    return left.starts_with(counted) &&
           std::none_of(left.begin() + static_cast<std::ptrdiff_t>(counted.size()), left.end(),
                        is_word);
  });
}

}  // namespace

bool has_policy_phrase(std::string_view lower) {
  static constexpr std::array<std::string_view, 6> kPhrases = {"terms of use",   "privacy policy",
                                                               "cookie policy",  "uses cookies",
                                                               "use of cookies", "use cookies"};
  return std::ranges::any_of(kPhrases, [&](std::string_view phrase) {
    return lower.find(phrase) != std::string_view::npos;
  });
}

bool has_end_mark(std::string_view line) {
  if (line.empty() || line.ends_with("...")) return false;
  return std::string_view(".?!\"'").find(line.back()) != std::string_view::npos;
}

LineWords count_line_words_by_space(std::string_view line) {
  LineWords words;
  for_each_chunk(line, [&](std::size_t begin, std::size_t end) {
    ++words.count;
    if (static_cast<std::int64_t>(end - begin) <= words.longest) return;  // bytes bound characters
    const auto length =
        static_cast<std::int64_t>(count_characters(line.substr(begin, end - begin)));
    words.longest = std::max(words.longest, length);
  });
  return words;
}

std::string without_citations(std::string_view line) {
  std::string kept;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    if (line[at] == '[') {
      const std::string_view rest = line.substr(at);
      if (rest.starts_with("[edit]")) end = at + 6;
      if (rest.starts_with("[citation needed]")) end = at + 17;
      const std::size_t mark = std::min(line.find_first_not_of("0123456789", at + 1), line.size());
      if (mark < line.size() && line[mark] == ']') end = mark + 1;
    }
    if (end == at) kept += line[at++];
    at = std::max(at, end);
  }
  return kept;
}

bool c4_drops(std::string_view line, const MetricsSettings& settings) {
  const LineWords words = count_line_words_by_space(line);
  if (words.longest > settings.max_word_length) return true;
  if (words.count < settings.min_words_per_line) return true;
  if (settings.require_line_end_mark && !has_end_mark(line)) return true;
  const std::string lower = lower_ascii(line);
  return lower.find("javascript") != std::string::npos || has_policy_phrase(lower);
}

bool refinedweb_drops(std::string_view line) {
  if (count_line_words_by_space(line).count < 2) return true;
  return is_mostly_capitals(line) || std::ranges::all_of(line, is_ascii_digit) || is_counter(line);
}

}  // namespace aludel::curate
