#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Character references of HTML: &amp;, &#20013;, &#x4E2D;.
namespace aludel::text::html {

/// Appends the text that the reference at text[0] == '&' stands for and returns the number of bytes
/// it took; appends "&" and returns 1 where there is none. Numbers of the C1 range mean
/// windows-1252. Source:
/// https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state.
std::size_t append_character_reference(std::string_view text, std::string& out);

/// `text` with every character reference replaced.
std::string decode_character_references(std::string_view text);

}  // namespace aludel::text::html
