#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/text/html/tree.h"

/// What stands beside and below a node of a tree.
namespace aludel::text::html {

/// The element, or text that is not blank, right behind a node under the same parent; 0 without.
std::uint32_t next_sibling(const Tree& tree, std::uint32_t node);

/// The one before.
std::uint32_t previous_sibling(const Tree& tree, std::uint32_t node);

/// Whether an element holds, or is, one of `nodes`, which ascend.
bool holds_one_of(const Tree& tree, std::uint32_t element, const std::vector<std::uint32_t>& nodes);

/// All text below an element, hidden or not.
std::string_view text_below(const Tree& tree, std::uint32_t element);

}  // namespace aludel::text::html
