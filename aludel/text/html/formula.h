#pragma once

#include <string>
#include <string_view>

#include "aludel/text/html/lexer.h"

/// A formula as text. Pages carry a formula as MathML, as TeX, as a picture and as the spans that a
/// script draws; the text should have it once.
namespace aludel::text::html {

/// Reads the content of <math> from the lexer, which has just read its start tag. Returns "$TeX$"
/// if the formula carries its source (an annotation, or alttext); else its characters in order,
/// with / in fractions, ^ before superscripts and _ before subscripts; else alttext as it is. A
/// <math> that is not closed ends before the first element that MathML does not have. Concurrent
/// calls: yes. Errors: none. Source: https://www.w3.org/TR/mathml-core/, 2.2.7.5 and 3.
std::string read_formula(Lexer& lexer, const Token& math);

/// Returns the formula in a script for MathJax, by the script's type ("math/tex; mode=display",
/// "math/mml", "math/asciimath"); empty for other scripts.
std::string formula_in_script(std::string_view type, std::string_view content);

/// Returns the formula that an <img> shows: its alternative text, if the text is TeX and the class
/// or the text itself leaves no doubt; else empty.
std::string formula_of_picture(const Token& img);

/// Returns "$TeX$" without commands that only set its size. Adds no delimiters if it has some.
std::string delimited_tex(std::string_view tex);

}  // namespace aludel::text::html
