#pragma once

// Cuts ranges out of a text, for the layers that edit.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace aludel::curate {

/// A range [begin, end) of bytes or of words.
struct Range {
  std::size_t begin;
  std::size_t end;
  bool operator==(const Range&) const = default;
};

/// Returns the text without `cuts`. Replaces the white space on both sides of a cut by one
/// separator, the widest of them: a blank line, a line break, a space, nothing. REQUIRES: the
/// ranges are sorted, do not overlap and lie in the text.
std::string cut_text(std::string_view text, std::span<const Range> cuts);

}  // namespace aludel::curate
