#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Turns characters as a page writes them into characters as a reader sees them.
namespace aludel::text::html {

enum class SpaceRule : std::uint8_t { collapse, keep };

/// The reading of "&amp;": as one character, or as five.
enum class References : std::uint8_t { decode, keep };

/// Appends the text, with its references decoded or as they are. Writes a no-break space as a space
/// and drops soft hyphens. With `collapse`, writes each run of white space as one space (at the
/// ends too). Returns true if the text has more than white space.
bool append_text_run(std::string_view raw, SpaceRule rule, References references, std::string& out);

/// Returns the text with each run of white space as one space, and none at the ends.
std::string collapse_space(std::string_view text);

}  // namespace aludel::text::html
