#pragma once

#include <string_view>

// Whether bytes are HTML, as far as they say so themselves. What is no text, binary.h tells.
namespace aludel::io {

/// Whether bytes without a media type are HTML: behind blanks, comments, an XML declaration and a
/// byte order mark (UTF-16 too) the first thing is a doctype of HTML or the start of an element of
/// HTML, whose name ends there. DEVIATION: any element counts, not only the 17 of the standard, and
/// what may stand before <html> is skipped.
/// Source: https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
bool begins_as_html(std::string_view bytes);

/// Whether the bytes begin with a doctype of HTML or <html>, as a whole page does.
bool begins_as_html_page(std::string_view bytes);

/// Whether the bytes begin with a declaration of XML.
bool begins_as_xml(std::string_view bytes);

}  // namespace aludel::io
