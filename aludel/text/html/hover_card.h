#pragma once

#include "aludel/text/html/tree.h"

namespace aludel::text::html {

/// Marks hover cards as kDuplicate. A card belongs to a name in a sentence, and readers see it only
/// while they point at the name. It is an inline element behind text of the same line that begins
/// with a picture and otherwise holds only links, two or more. Time is linear in the page.
void hide_hover_cards(Tree& tree);

}  // namespace aludel::text::html
