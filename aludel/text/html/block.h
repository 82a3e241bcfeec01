#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/text/html/tree.h"

/// The text of a page as blocks: what stands between two line ends.
namespace aludel::text::html {

/// Amounts of text. A character outside CJK weighs 1 and a CJK one 2, because it says more; white
/// space weighs nothing.
struct TextAmount {
  std::uint32_t weight = 0;
  std::uint32_t link_weight = 0;  // of it inside links
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
  std::uint32_t parent = 0;  // nearest block-level element
  TextAmount amount;
};

/// Blocks with text below an element, by default of the page, in document order; what is hidden
/// below it has none.
std::vector<Block> blocks_of(const Tree& tree, std::uint32_t element = 0);

TextAmount measure_text(std::string_view text);

}  // namespace aludel::text::html
