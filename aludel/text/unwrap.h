#pragma once

#include <string>
#include <string_view>

namespace aludel::text {

/// Plain text whose lines were broken at a width and indented for a page, as running text: no
/// indentation, no-break spaces as spaces, and the lines of a paragraph joined, with a space unless
/// two letters of scripts without spaces meet. A line is taken to go on in the next one if it
/// reaches two thirds of the page's width and the next is as indented, or hangs under a list's
/// mark. Rows of tables, commands and code stay lines; borders of tables and the blanks that
/// straighten columns go.
std::string unwrap(std::string_view text);

}  // namespace aludel::text
