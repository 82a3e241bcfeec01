#pragma once

#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/tree.h"

/// Pages of records: the posts of a thread, answers, entries of a list, each laid out the same way.
namespace aludel::text::html {

/// Makes the choice of blocks the same in all records of a page. Blocks belong to one slot if the
/// elements around them have the same names and roles up to the page; records are the children of
/// the deepest element that holds all blocks of a slot. A slot with most of the chosen text that is
/// chosen in at least half of three or more records is chosen in all of them, so that a post of
/// three words stays; a slot beside it that is chosen in at most a third of them is chosen in none
/// ("Joined: 2011"). Without such a slot beside it the records are sections of one article, and are
/// left alone, as comments and pages of more than 100,000 blocks are. Time is linear in the page
/// and its depth. Concurrent calls: yes. Errors: none.
void settle_records(const Tree& tree, const std::vector<Block>& blocks, std::vector<bool>& chosen);

}  // namespace aludel::text::html
