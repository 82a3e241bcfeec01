#pragma once

#include "aludel/curate/layer.h"

namespace aludel::curate::metrics {

/// The rules of layer `metrics` in the order in which it applies them. What it counts in CJK text
/// and in other text differs: which of them holds follows from what was noted.
inline constexpr CutOff kCutOffs[] = {
    {"cjk_characters", Side::at_least, "min_cjk_characters", "too_short"},
    {"words", Side::at_least, "min_words", "too_few_words", "cjk_characters"},
    {"mean_word_length", Side::at_least, "min_mean_word_length", "words_too_short"},
    {"mean_word_length", Side::at_most, "max_mean_word_length", "words_too_long"},
    {"words", Side::at_most, "max_words", "too_many_words"},
    {"sentences", Side::at_least, "min_sentences", "too_few_sentences"},
    {"lorem_ipsum", Side::at_most, "allow_lorem_ipsum", "lorem_ipsum"},
    {"curly_bracket", Side::at_most, "allow_curly_brackets", "curly_bracket"},
    {"hashes_per_word", Side::at_most, "max_hashes_per_word", "too_many_hashes"},
    {"ellipses_per_word", Side::at_most, "max_ellipses_per_word", "too_many_ellipses"},
    {"alphabetic_words", Side::at_least, "min_alphabetic_words", "too_few_alphabetic_words"},
    {"digits", Side::at_most, "max_digits", "too_many_digits"},
    {"white_space", Side::at_most, "max_white_space", "too_much_white_space"},
    {"bullet_lines", Side::at_most, "max_bullet_lines", "too_many_bullet_lines"},
    {"ellipsis_lines", Side::at_most, "max_ellipsis_lines", "too_many_ellipsis_lines"},
    {"terminal_lines", Side::at_least, "min_terminal_lines", "too_few_terminal_lines"},
    {"short_lines", Side::at_most, "max_short_lines", "too_many_short_lines"},
    {"duplicate_line_characters", Side::at_most, "max_duplicate_line_characters",
     "too_many_duplicate_lines"},
    {"newlines_per_word", Side::at_most, "max_newlines_per_word", "too_many_newlines"},
    {"mean_line", Side::at_least, "min_mean_cjk_line", "lines_too_short"},
    {"stop_words", Side::at_least, "min_stop_words", "too_few_stop_words"},
    {"han", Side::at_least, "min_han_in_chinese", "too_little_han"},
};

}  // namespace aludel::curate::metrics
