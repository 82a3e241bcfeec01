#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/text/html/tree.h"

/// The text of a page as blocks. A block is the text between two line ends.
namespace aludel::text::html {

/// An amount of text. A CJK character weighs 2, because it says more; any other character weighs 1,
/// and white space weighs nothing.
struct TextAmount {
  std::uint32_t weight = 0;
  std::uint32_t link_weight = 0;  // the part of `weight` that is inside links
  std::uint32_t words = 0;        // runs between white space
  std::uint32_t marks = 0;        // , . ! ? : ; and their CJK forms
  std::uint32_t links = 0;        // runs of text inside links
  std::uint32_t capitals = 0;     // A to Z
  std::uint32_t digits = 0;       // 0 to 9

  void add(const TextAmount& other);

  double link_share() const { return weight == 0 ? 0 : static_cast<double>(link_weight) / weight; }
};

/// A run of inline content under one block-level element, without <br>.
struct Block {
  std::uint32_t begin = 0;  // nodes [begin, end)
  std::uint32_t end = 0;
  std::uint32_t parent = 0;  // nearest block-level element around it
  TextAmount amount;
};

/// Returns the blocks with text below an element (by default of the page), in document order.
/// Hidden elements have no blocks.
std::vector<Block> blocks_of(const Tree& tree, std::uint32_t element = 0);

/// Returns the amount of a text, as if it were outside links.
TextAmount measure_text(std::string_view text);

}  // namespace aludel::text::html
