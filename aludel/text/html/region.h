#pragma once

#include <cstdint>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/tree.h"

/// Regions of a page beside its article: comments, lists of other stories, side columns, the foot.
namespace aludel::text::html {

/// What becomes of the comments that readers have left under an article.
enum class Comments : std::uint8_t { drop, keep };

/// Leaves out blocks whose region says that they are not the article, where there is an article
/// beside the region: comments, side columns and the foot of the page, three or more teasers of
/// other pages. Under Comments::keep the text of comments is chosen, and their forms and counts
/// are left out. Pages of more than 100,000 blocks are left alone. Time is linear in the page and
/// its depth. Concurrent calls: yes. Errors: none.
void settle_regions(const Tree& tree, const std::vector<Block>& blocks, Comments comments,
                    std::vector<bool>& chosen);

}  // namespace aludel::text::html
