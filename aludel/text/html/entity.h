#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Character references of HTML: &amp;, &#20013;, &#x4E2D;.
namespace aludel::text::html {

/// Appends the text that the reference at text[0] == '&' stands for, and returns the size of the
/// reference in bytes. If there is no reference, appends "&" and returns 1. Numbers 0x80 to 0x9F
/// are read as windows-1252. Source:
/// https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state.
std::size_t append_character_reference(std::string_view text, std::string& out);

/// Returns `text` with every character reference replaced.
std::string decode_character_references(std::string_view text);

}  // namespace aludel::text::html
