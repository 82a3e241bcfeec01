#pragma once

#include <cstdint>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/tree.h"

namespace aludel::text::html {

/// Marks the numbers beside lines of code as kDuplicate. These are an element with such a name
/// ("linenos", "gutter") that holds only numbers, and a table cell beside a cell with <pre> that
/// only counts, from 1 or from the number in the row above. Time is linear in the page.
void hide_line_numbers(Tree& tree);

/// Returns the blocks that only count, as line numbers beside code or the page numbers of a list
/// do: five or more in a row, each a whole number one above the last. The indices ascend.
std::vector<std::uint32_t> counting_blocks(const Tree& tree, const std::vector<Block>& blocks);

}  // namespace aludel::text::html
