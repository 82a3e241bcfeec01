#pragma once

#include <string_view>
#include <vector>

// Lines as Python splits them, for the rules of other programs.
namespace aludel::curate {

/// Splits like str.splitlines(): also at \r, \v, \f, the separators 1C to 1E, U+0085, U+2028 and
/// U+2029. Returns no empty line at the end.
std::vector<std::string_view> python_splitlines(std::string_view text);

/// Splits like text.split(separator). REQUIRES: the separator is not empty.
std::vector<std::string_view> python_split(std::string_view text, std::string_view separator);

/// Splits like text.split('\n').
std::vector<std::string_view> split_at_newlines(std::string_view text);

/// Strips like str.strip().
std::string_view python_strip(std::string_view text);

/// Returns the number of characters of all lines.
std::size_t characters_of(const std::vector<std::string_view>& lines);

/// Number of lines that are copies, and their characters.
struct LineCopies {
  std::size_t lines = 0;
  std::size_t characters = 0;
};

/// Counts the lines that are copies of an earlier line.
LineCopies count_later_copies(const std::vector<std::string_view>& lines);

/// Counts all lines that occur twice or more, including the first occurrence.
LineCopies count_all_copies(const std::vector<std::string_view>& lines);

}  // namespace aludel::curate
