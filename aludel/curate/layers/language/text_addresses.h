#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// The two edits that DCLM makes before it judges a text.
// Source: mlfoundations/dclm, baselines/mappers/modifiers.py.
namespace aludel::curate {

/// Removes addresses, with up to ten blanks before them: names (host and top-level domain, with or
/// without a scheme) and four numbers. As in DCLM's url_removal_modifier, looks for names only in a
/// text that begins with the letters of a top-level domain ("Th" of "The" is one). Top-level
/// domains are those of libpsl's list and those withdrawn since DCLM's list.
std::string without_addresses(std::string_view text);

/// Keeps `most` of more than `most` line ends in a row, as DCLM's newline_removal_modifier; with 0
/// keeps all.
std::string with_fewer_newlines(std::string text, std::int64_t most);

}  // namespace aludel::curate
