#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/extract.h"
#include "aludel/text/html/tree.h"

namespace aludel::text::html {

/// Writes the chosen blocks (ascending indices) as text. An empty line separates blocks; "\n"
/// separates lines broken by <br>, items of a list and rows of a table. Items begin with "- " or
/// "1. ". Short cells of a row share a line, separated by " | ". Markdown adds headings, fences,
/// quotes, emphasis and the line under a table's first row.
std::string render_blocks(const Tree& tree, const std::vector<Block>& blocks,
                          const std::vector<std::uint32_t>& chosen, TextForm form);

}  // namespace aludel::text::html
