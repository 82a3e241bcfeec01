#pragma once

#include "aludel/text/html/tree.h"

namespace aludel::text::html {

/// Marks cards that show up over a name in a sentence as kDuplicate: inline elements behind text of
/// the same line that begin with a picture and go on with nothing but two or more links. Readers
/// see them only while they point at the name. Time is linear in the page.
void hide_hover_cards(Tree& tree);

}  // namespace aludel::text::html
