#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace aludel::safety {

bool is_ascii_digit(char c);
bool is_ascii_letter(char c);

/// A letter, a digit or '_'.
bool is_ascii_word(char c);

/// Part of the line of `position` that lies before it, at most `size_bytes` of it.
std::string_view line_before(std::string_view text, std::size_t position, std::size_t size_bytes);

/// Part of the line from `position` on, at most `size_bytes` of it.
std::string_view line_after(std::string_view text, std::size_t position, std::size_t size_bytes);

/// Whether one of the lower-case `words` stands in `window`, ASCII letters in either case; a word
/// of ASCII letters must not be part of a longer one.
bool has_word(std::string_view window, std::span<const std::string_view> words);

/// The characters without spaces around [begin, end).
std::string_view token_around(std::string_view text, std::size_t begin, std::size_t end);

/// Whether [begin, end) is part of a web address such as https://host/13812345678.
bool is_in_url(std::string_view text, std::size_t begin, std::size_t end);

}  // namespace aludel::safety
