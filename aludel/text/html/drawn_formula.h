#pragma once

#include "aludel/text/html/tree.h"

/// A formula that a page has in several forms: its source, MathML, and the drawing of a script.
namespace aludel::text::html {

/// Keeps one form of each formula. Marks the drawing beside it (kPicture, or hidden from screen
/// readers) as kDuplicate. Shows the formula if it is hidden, because its drawing was meant for the
/// eyes. Time is linear in the page. Errors: none.
void settle_formulas(Tree& tree);

}  // namespace aludel::text::html
