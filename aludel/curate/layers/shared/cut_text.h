#pragma once

// Cutting ranges out of a text, as the layers do that edit.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace aludel::curate {

/// [begin, end) of bytes or of words.
struct Range {
  std::size_t begin;
  std::size_t end;
  bool operator==(const Range&) const = default;
};

/// The text without `cuts`. Where two parts meet, white space on both sides of the cut becomes one
/// separator, the widest of them: a blank line, a line break, a space, nothing.
/// REQUIRES: the ranges are sorted, do not overlap and lie in the text.
std::string cut_text(std::string_view text, std::span<const Range> cuts);

}  // namespace aludel::curate
