#pragma once

#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/tree.h"

/// Lists of other pages, each with its title and the first words of its text.
namespace aludel::text::html {

/// Returns for each block whether it lies in a teaser. Teasers are three or more elements beside
/// each other with the same name and roles; most are short and have a link of several words and a
/// text that breaks off ("…", "Read more"). Time is linear in the page. Concurrent calls: yes.
std::vector<bool> teaser_blocks(const Tree& tree, const std::vector<Block>& blocks);

}  // namespace aludel::text::html
