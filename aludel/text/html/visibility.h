#pragma once

#include <cstdint>
#include <string_view>

#include "aludel/text/html/lexer.h"
#include "aludel/text/html/tree.h"

/// Which elements a reader of the page sees. Hiding is evidence, not proof: a page often hides its
/// text until a script has run.
namespace aludel::text::html {

/// Returns the flags that follow from an element's name and attributes: kInvisible, kAriaHidden and
/// kPicture.
std::uint8_t hiding_marks(Tag tag, std::string_view name, const Attributes& attributes);

/// Decides which elements of a whole page are visible. Shows hidden elements if they hold at least
/// half as much prose again as the visible ones, except menus, dialogs and the like, and copies of
/// visible text. Keeps an element with `aria-hidden`, because eyes see it, unless it is an icon,
/// the drawing of a text that stands beside it for screen readers, or a closed dialog. Keeps a
/// formula and hides its drawings. Time is linear in the page and its depth. Concurrent calls: yes.
void settle_visibility(Tree& tree);

/// Returns the weight of the visible prose below an element (by default of the page), even if the
/// element itself is hidden. PageMeasures defines prose.
std::uint64_t visible_prose(const Tree& tree, std::uint32_t element = 0);

}  // namespace aludel::text::html
