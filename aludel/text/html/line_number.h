#pragma once

#include <cstdint>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/tree.h"

namespace aludel::text::html {

/// Which blocks do nothing but count, as the line numbers beside code and the pages of a list do:
/// in a row of five or more, each a whole number one above the last. Ascending indices.
std::vector<std::uint32_t> counting_blocks(const Tree& tree, const std::vector<Block>& blocks);

}  // namespace aludel::text::html
