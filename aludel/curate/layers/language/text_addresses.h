#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// The two edits that DCLM makes before anything judges a text.
// Source: mlfoundations/dclm, baselines/mappers/modifiers.py.
namespace aludel::curate {

/// url_removal_modifier: addresses go with up to ten blanks before them, those of names (host and
/// top-level domain, scheme or not) and those of four numbers. As there, names are only looked for
/// in a text that begins with the letters of a top-level domain ("Th" of "The" is one). Top-level
/// domains are those of libpsl's list and those that have been withdrawn since DCLM's.
std::string without_addresses(std::string_view text);

/// newline_removal_modifier: of more than `most` line ends in a row, `most` stay; 0: all do.
std::string with_fewer_newlines(std::string text, std::int64_t most);

}  // namespace aludel::curate
