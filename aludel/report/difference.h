#pragma once

#include <string>
#include <string_view>

namespace aludel::report {

/// Two texts as escaped HTML: words that only `before` has stand in <del>, those that only `after`
/// has in <ins>.
struct Difference {
  std::string before;
  std::string after;
};

/// By the longest common subsequence of their words and spaces. Time and memory grow with the
/// product of the numbers of words: for excerpts. REQUIRES: at most 10,000 bytes each.
Difference difference(std::string_view before, std::string_view after);

}  // namespace aludel::report
