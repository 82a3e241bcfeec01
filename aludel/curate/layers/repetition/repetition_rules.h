#pragma once

#include "aludel/curate/cascade/layer.h"

namespace aludel::curate::repetition {

/// The rules of layer `repetition`, in the order of their use; the same for every way of counting.
inline constexpr Rule kRules[] = {
    {"duplicate_lines", Side::at_most, "max_duplicate_lines", "duplicate_lines"},
    {"duplicate_line_characters", Side::at_most, "max_duplicate_line_characters",
     "duplicate_line_characters"},
    {"duplicate_paragraphs", Side::at_most, "max_duplicate_paragraphs", "duplicate_paragraphs"},
    {"duplicate_paragraph_characters", Side::at_most, "max_duplicate_paragraph_characters",
     "duplicate_paragraph_characters"},
    {"top_2gram", Side::at_most, "max_top_2gram", "top_2gram"},
    {"top_3gram", Side::at_most, "max_top_3gram", "top_3gram"},
    {"top_4gram", Side::at_most, "max_top_4gram", "top_4gram"},
    {"duplicate_5grams", Side::at_most, "max_duplicate_5grams", "duplicate_5grams"},
    {"duplicate_6grams", Side::at_most, "max_duplicate_6grams", "duplicate_6grams"},
    {"duplicate_7grams", Side::at_most, "max_duplicate_7grams", "duplicate_7grams"},
    {"duplicate_8grams", Side::at_most, "max_duplicate_8grams", "duplicate_8grams"},
    {"duplicate_9grams", Side::at_most, "max_duplicate_9grams", "duplicate_9grams"},
    {"duplicate_10grams", Side::at_most, "max_duplicate_10grams", "duplicate_10grams"},
    {"repeated_13_letters", Side::at_most, "max_repeated_13_letters", "repeated_13_letters"},
};

}  // namespace aludel::curate::repetition
