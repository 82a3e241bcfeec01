#pragma once

#include <string_view>
#include <vector>

// Lines as Python has them, for the peers' rules.
namespace aludel::curate {

/// str.splitlines(): also at \r, \v, \f, the separators 1C to 1E, U+0085, U+2028, U+2029; no empty
/// line at the end.
std::vector<std::string_view> python_splitlines(std::string_view text);

/// text.split('\n').
std::vector<std::string_view> split_at_newlines(std::string_view text);

/// str.strip().
std::string_view python_strip(std::string_view text);

/// Characters of lines that stood before, and how many such lines there are.
struct LaterCopies {
  std::size_t lines = 0;
  std::size_t characters = 0;
};

LaterCopies count_later_copies(const std::vector<std::string_view>& lines);

}  // namespace aludel::curate
