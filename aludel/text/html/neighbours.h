#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/text/html/tree.h"

/// The neighbours of a node in a tree.
namespace aludel::text::html {

/// Returns the next element, or text that is not blank, under the same parent; 0 if there is none.
std::uint32_t next_sibling(const Tree& tree, std::uint32_t node);

/// Returns the previous one, in the same way.
std::uint32_t previous_sibling(const Tree& tree, std::uint32_t node);

/// True if an element is one of `nodes` or holds one of them. REQUIRES: `nodes` ascend.
bool holds_one_of(const Tree& tree, std::uint32_t element, const std::vector<std::uint32_t>& nodes);

/// Returns all text below an element, hidden or not.
std::string_view text_below(const Tree& tree, std::uint32_t element);

}  // namespace aludel::text::html
