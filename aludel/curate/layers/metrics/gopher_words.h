#pragma once

#include <cstddef>
#include <string_view>

// Properties and counts of words that several pipelines use.
namespace aludel::curate {

/// True if str.isalpha() holds for a character of the word.
bool has_letter(std::string_view word);

/// True for one of Gopher's eight stop words, in lower case; arXiv:2112.11446 A1.1.
bool is_gopher_stop_word(std::string_view word);

/// Returns how often `what` occurs in the text without overlap.
std::size_t count_of(std::string_view text, std::string_view what);

}  // namespace aludel::curate
