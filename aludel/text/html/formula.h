#pragma once

#include <string>
#include <string_view>

#include "aludel/text/html/lexer.h"

/// A formula as text, once: pages carry the same one as MathML, as TeX, as a picture and as the
/// spans that a script draws.
namespace aludel::text::html {

/// Reads what stands in <math>, whose start tag was read last, and takes it off the lexer. Returns
/// "$TeX$" where the formula has its source beside it (an annotation, or alttext), else its
/// characters in their order, with / in fractions and ^ and _ before what is set above and below,
/// else alttext as it is. A <math> that is not closed ends before the
/// first element that MathML does not have. Concurrent calls: yes. Errors: none.
/// Source: https://www.w3.org/TR/mathml-core/, 2.2.7.5 and 3.
std::string read_formula(Lexer& lexer, const Token& math);

/// The formula in a script that MathJax reads ("math/tex; mode=display", "math/mml",
/// "math/asciimath"), by its type; empty for other scripts.
std::string formula_in_script(std::string_view type, std::string_view content);

/// The formula that an <img> shows: its alternative text where that is TeX, and the class or the
/// text itself leaves no doubt; else empty.
std::string formula_of_picture(const Token& img);

/// "$TeX$" without what only says how large to set it; as it is where it has delimiters already.
std::string delimited_tex(std::string_view tex);

}  // namespace aludel::text::html
