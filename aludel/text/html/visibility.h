#pragma once

#include <cstdint>
#include <string_view>

#include "aludel/text/html/lexer.h"
#include "aludel/text/html/tree.h"

/// Which elements a reader of the page sees. Hiding is evidence, not proof: a page often hides its
/// text until a script has run.
namespace aludel::text::html {

/// The marks that an element's name and attributes give it: kInvisible, kAriaHidden and kPicture.
std::uint8_t hiding_marks(Tag tag, std::string_view name, const Attributes& attributes);

/// Settles the marks of a whole page. Hidden elements that hold half as much prose again as all
/// that is visible are shown, but for menus, dialogs and the like, and copies of the visible text.
/// `aria-hidden` hides nothing from eyes: such an element stays, unless it is an icon, the drawing
/// of a text for screen readers beside it, or a dialog that waits. Of a formula and its drawings
/// the formula is left. Time is linear in the page and its depth. Concurrent calls: yes.
void settle_visibility(Tree& tree);

/// Weight of the prose that a reader sees below an element, itself hidden or not; of the page by
/// default. Prose is what PageMeasures calls so.
std::uint64_t visible_prose(const Tree& tree, std::uint32_t element = 0);

}  // namespace aludel::text::html
