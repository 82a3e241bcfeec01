#pragma once

#include "aludel/text/html/tag.h"

/// Which tags end what no end tag has ended.
/// Source: https://html.spec.whatwg.org/multipage/syntax.html#optional-tags
namespace aludel::text::html {

bool is_table_part(Tag tag);

bool is_list(Tag tag);

/// White space is kept in it.
bool keeps_whitespace(Tag tag);

/// Whether the start of the element ends an open paragraph.
bool ends_paragraph(Tag tag);

/// Whether the start of the element ends an <svg> around it that was not closed.
/// Source: https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign
bool leaves_svg(Tag tag);

/// What may stand in <head>; all else ends it.
bool belongs_to_head(Tag tag);

/// Whether the end tag of `closing` does not reach through an element that is open.
bool is_barrier(Tag closing, Tag open_tag);

}  // namespace aludel::text::html
