#pragma once

#include <cstdint>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/tree.h"

namespace aludel::text::html {

/// Marks the numbers beside lines of code as kDuplicate: an element that is named so ("linenos",
/// "gutter") with nothing but numbers in it, and a cell of a table that does nothing but count from
/// 1, or on from the row above, beside one with <pre>. Time is linear in the page.
void hide_line_numbers(Tree& tree);

/// Which blocks do nothing but count, as the line numbers beside code and the pages of a list do:
/// in a row of five or more, each a whole number one above the last. Ascending indices.
std::vector<std::uint32_t> counting_blocks(const Tree& tree, const std::vector<Block>& blocks);

}  // namespace aludel::text::html
