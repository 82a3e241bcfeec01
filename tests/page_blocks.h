#pragma once
// The text of all blocks of a page, boilerplate too, for tests of its parser.

#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/render.h"
#include "aludel/text/html/tree.h"

namespace aludel::text::html {

/// Every block that a reader of the page sees.
inline std::string all_text(std::string_view html, TextForm form = TextForm::plain) {
  const Tree tree = parse_html(html);
  const std::vector<Block> blocks = blocks_of(tree);
  std::vector<std::uint32_t> all(blocks.size());
  std::iota(all.begin(), all.end(), 0U);
  return render_blocks(tree, blocks, all, form);
}

}  // namespace aludel::text::html
