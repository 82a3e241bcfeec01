#include "aludel/curate/layers/shared/line_rules/c4.h"

#include <algorithm>
#include <array>

#include "aludel/base/ascii.h"
#include "aludel/curate/document/scan/chunks.h"
#include "aludel/curate/document/scan/python_lines.h"

namespace aludel::curate {
namespace {

bool has_end_mark(std::string_view line, const C4LineRules& rules) {
  if (line.empty() || line.ends_with("...")) return false;
  const std::string_view marks = rules.apostrophe_ends ? ".?!\"'" : ".?!\"";
  return marks.find(line.back()) != std::string_view::npos;
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

LineWords count_line_words_by_space(std::string_view line) {
  LineWords words;
  for_each_chunk(line, [&](std::size_t begin, std::size_t end) {
    ++words.count;
    if (static_cast<std::int64_t>(end - begin) <= words.longest) return;  // characters <= bytes
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

bool c4_drops(std::string_view line, const C4LineRules& rules) {
  const LineWords words = count_line_words_by_space(line);
  if (words.longest > rules.max_word_length || words.count < rules.min_words) return true;
  if (rules.require_end_mark && !has_end_mark(line, rules)) return true;
  const std::string lower = lower_ascii(line);
  return lower.find("javascript") != std::string::npos || has_policy_phrase(lower);
}

std::optional<C4Lines::Kept> C4Lines::keep(std::string_view raw) {
  std::string_view line = python_strip(raw);
  LineWords words = count_line_words_by_space(line);
  if (words.longest > rules_.max_word_length) return std::nullopt;
  bool is_edited = false;
  if (line.find('[') != std::string_view::npos) {
    edited_.push_back(without_citations(line));
    is_edited = edited_.back() != line;
    line = edited_.back();
    if (is_edited && !rules_.counts_citations) words = count_line_words_by_space(line);
  }
  if (rules_.require_end_mark && !has_end_mark(line, rules_)) return std::nullopt;
  if (words.count < rules_.min_words || falls_by_words(line)) return std::nullopt;
  return Kept{line, is_edited};
}

/// Applies the rules of words in C4's order, so a bracket in a line with "javascript" is ignored.
bool C4Lines::falls_by_words(std::string_view line) {
  const std::string lower = lower_ascii(line);
  if (lower.find("lorem ipsum") != std::string::npos) lorem_ipsum_ = true;
  if (lower.find("javascript") != std::string::npos) return true;
  if (line.find('{') != std::string_view::npos) curly_bracket_ = true;
  return has_policy_phrase(lower);
}

}  // namespace aludel::curate
