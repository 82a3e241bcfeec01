#pragma once

#include <array>

#include "aludel/curate/document/document.h"

// Measures how much of a text repeats itself. Gopher (arXiv:2112.11446, table A1) asks for it
// without saying how to count. Here are our own way and those of four pipelines, which decide
// differently.
namespace aludel::curate {

/// Repeated shares of a text, usually within [0, 1]; 0 for what a pipeline does not measure.
struct RepetitionShares {
  double lines = 0;
  double line_characters = 0;
  double paragraphs = 0;
  double paragraph_characters = 0;
  std::array<double, 3> top{};         // characters of the most frequent 2-, 3- and 4-gram
  std::array<double, 6> duplicated{};  // characters of 5- to 10-grams that occur more than once
  double windows_of_13 = 0;            // runs of 13 letters that occur more than once; CJK only
};

/// Measures in our own way, over runs of letters. Counts the occurrences after the first, as
/// datatrove. The top n-gram is 0 if none occurs twice, as in DCLM. If most words are CJK letters,
/// an n-gram has n * characters_per_cjk_word of them.
RepetitionShares measure_repetition(Document& document, double characters_per_cjk_word);

/// Measures as datatrove 0.10, gopher_repetition_filter.py. Counts the occurrences after the first,
/// and the characters of the whole text. The top n-gram counts even if it occurs once. Finds
/// repeated n-grams from left to right, skips the n words of each hit, and compares them without
/// spaces.
RepetitionShares measure_as_datatrove(Document& document);

/// Measures as Dolma, taggers/gopher.py, gopher_v1. Counts every occurrence of a repeated part, and
/// the characters between white space. Counts an n-gram in full even if it overlaps another.
RepetitionShares measure_as_dolma(Document& document);

/// Measures as DCLM, content_filters.py. Counts every occurrence of a repeated part, and the
/// characters of words that begin with a letter or number. Counts a word under several repeated
/// n-grams once.
RepetitionShares measure_as_dclm(Document& document);

/// Measures as NeMo Curator, repetition.py. Counts the occurrences after the first. Cuts the top
/// n-gram out of the text as a string. A text of fewer than n words is all repetition.
RepetitionShares measure_as_nemo(Document& document);

}  // namespace aludel::curate
