#pragma once

#include <cstddef>
#include <string_view>

// What several pipelines ask of a word or count with it.
namespace aludel::curate {

/// Whether str.isalpha() holds for a character of it.
bool has_letter(std::string_view word);

/// Whether it is one of Gopher's eight words in lower case; arXiv:2112.11446 A1.1.
bool is_gopher_stop_word(std::string_view word);

/// How often `what` stands in the text without overlap.
std::size_t count_of(std::string_view text, std::string_view what);

}  // namespace aludel::curate
