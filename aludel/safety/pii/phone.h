#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aludel::safety {

/// Consecutive digits of a text: [begin, end).
struct DigitGroup {
  std::size_t begin;
  std::size_t end;

  std::size_t size() const { return end - begin; }
};

/// Several digit groups with what stands between and around them: the candidate number.
struct NumberShape {
  std::string_view text;           // the whole document
  std::vector<DigitGroup> groups;  // at least one
  std::string digits;              // of all groups

  std::size_t begin() const { return groups.front().begin; }

  std::size_t end() const { return groups.back().end; }

  /// Characters between group `i` and the next.
  std::string_view separator(std::size_t i) const {
    return text.substr(groups[i].end, groups[i + 1].begin - groups[i].end);
  }
};

/// Where the telephone number that the groups are (all of them) begins in the text, its '+' or
/// '(' included; npos when they are none. Shapes: E.164 with '+', North American 3-3-4, Chinese
/// mobile and landline; any other national shape needs a word such as "phone" before it.
/// Sources: ITU-T E.164 (country codes), NANP numbering rules, MIIT numbering plan of China.
std::size_t phone_begin(const NumberShape& shape);

}  // namespace aludel::safety
