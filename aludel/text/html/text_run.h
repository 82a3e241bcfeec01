#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Characters of a page as they were written, made into characters as they are read.
namespace aludel::text::html {

enum class SpaceRule : std::uint8_t { collapse, keep };

/// Whether "&amp;" is one character, or five.
enum class References : std::uint8_t { decode, keep };

/// Appends the text, with its references decoded or as they are. A no-break space is a space, a
/// soft hyphen is nothing. With `collapse`, runs of white space become one space (at the ends too).
/// Returns whether there was more than white space.
bool append_text_run(std::string_view raw, SpaceRule rule, References references, std::string& out);

/// The text with runs of white space as one space, and none at the ends.
std::string collapse_space(std::string_view text);

}  // namespace aludel::text::html
