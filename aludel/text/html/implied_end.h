#pragma once

#include "aludel/text/html/tag.h"

/// Which start tags end an element whose end tag is missing.
/// Source: https://html.spec.whatwg.org/multipage/syntax.html#optional-tags
namespace aludel::text::html {

bool is_table_part(Tag tag);

bool is_list(Tag tag);

/// True if runs of white space in the element are kept as written.
bool keeps_whitespace(Tag tag);

/// True if the element's start tag ends an open paragraph.
bool ends_paragraph(Tag tag);

/// True if the element's start tag ends an <svg> around it that was not closed.
/// Source: https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign
bool leaves_svg(Tag tag);

/// True if the element may stand in <head>; any other element ends the <head>.
bool belongs_to_head(Tag tag);

/// True if the end tag of `closing` closes nothing outside an open element with `open_tag`.
bool is_barrier(Tag closing, Tag open_tag);

}  // namespace aludel::text::html
