#pragma once

#include <string_view>
#include <vector>

// Lines as Python has them, for the peers' rules.
namespace aludel::curate {

/// str.splitlines(): also at \r, \v, \f, the separators 1C to 1E, U+0085, U+2028, U+2029; no empty
/// line at the end.
std::vector<std::string_view> python_splitlines(std::string_view text);

/// text.split(separator). REQUIRES: the separator is not empty.
std::vector<std::string_view> python_split(std::string_view text, std::string_view separator);

/// text.split('\n').
std::vector<std::string_view> split_at_newlines(std::string_view text);

/// str.strip().
std::string_view python_strip(std::string_view text);

/// Characters of all of them.
std::size_t characters_of(const std::vector<std::string_view>& lines);

/// How many lines are copies, and their characters.
struct LineCopies {
  std::size_t lines = 0;
  std::size_t characters = 0;
};

/// Of lines that stood before.
LineCopies count_later_copies(const std::vector<std::string_view>& lines);

/// Of lines that stand twice or more, the first one with them.
LineCopies count_all_copies(const std::vector<std::string_view>& lines);

}  // namespace aludel::curate
