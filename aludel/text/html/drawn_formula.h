#pragma once

#include "aludel/text/html/tree.h"

/// One formula in several forms: its source, MathML, and what a script has drawn of it.
namespace aludel::text::html {

/// Leaves one form of each formula: marks what is drawn of it (kPicture, or hidden from screen
/// readers) beside it as kDuplicate, and shows it where it alone is hidden, because for eyes there
/// was its drawing. Time is linear in the page. Errors: none.
void settle_formulas(Tree& tree);

}  // namespace aludel::text::html
