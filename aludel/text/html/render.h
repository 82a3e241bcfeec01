#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/extract.h"
#include "aludel/text/html/tree.h"

namespace aludel::text::html {

/// The chosen blocks (ascending indices) as text. Blocks are parted by an empty line; lines broken
/// by <br>, items of one list and rows of one table by "\n". Items begin with "- " or "1. "; short
/// cells of a row share a line, parted by " | ". Markdown adds headings, fences, quotes, emphasis
/// and the line under a table's first row.
std::string render_blocks(const Tree& tree, const std::vector<Block>& blocks,
                          const std::vector<std::uint32_t>& chosen, TextForm form);

}  // namespace aludel::text::html
