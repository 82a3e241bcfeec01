#pragma once

#include <cstdint>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/tree.h"

/// Regions of a page beside its article: comments, lists of other stories, side columns, the foot.
namespace aludel::text::html {

/// The treatment of readers' comments under an article.
enum class Comments : std::uint8_t { drop, keep };

/// Leaves out the blocks of regions beside an article: comments, side columns, the foot of the
/// page, and three or more teasers of other pages. Does so only if there is an article beside the
/// region. With Comments::keep, chooses the text of comments, but not their forms and counts.
/// Changes nothing on pages of more than 100,000 blocks. Time is linear in the page and its depth.
/// Concurrent calls: yes. Errors: none.
void settle_regions(const Tree& tree, const std::vector<Block>& blocks, Comments comments,
                    std::vector<bool>& chosen);

}  // namespace aludel::text::html
