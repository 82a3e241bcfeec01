#pragma once

#include <array>

#include "aludel/curate/document/document.h"

// How much of a text repeats itself, as Gopher (arXiv:2112.11446, table A1) asks without saying how
// to count. Our own way, and those of four pipelines, whose decisions differ for it.
namespace aludel::curate {

/// Shares, in general within [0, 1]; 0 for what a pipeline does not measure.
struct RepetitionShares {
  double lines = 0;
  double line_characters = 0;
  double paragraphs = 0;
  double paragraph_characters = 0;
  std::array<double, 3> top{};         // characters of the most frequent 2-, 3- and 4-gram
  std::array<double, 6> duplicated{};  // characters of 5- to 10-grams that occur more than once
  double windows_of_13 = 0;            // runs of 13 letters that occur more than once; CJK only
};

/// Our own, over runs of letters: what stands there again counts, as in datatrove; the top n-gram
/// is 0 where nothing occurs twice, as in DCLM. Where most words are CJK letters, an n-gram has n *
/// characters_per_cjk_word of them.
RepetitionShares measure_repetition(Document& document, double characters_per_cjk_word);

/// datatrove 0.10, gopher_repetition_filter.py: what stands there again counts, characters are of
/// all the text; the top n-gram counts even where it occurs once; repeated n-grams are found from
/// left to right, each hit skipping its n words, and compared without the space between words.
RepetitionShares measure_as_datatrove(Document& document);

/// Dolma, taggers/gopher.py, gopher_v1: every occurrence of what occurs twice counts, characters
/// are those between white space; an n-gram of n words counts in full wherever it overlaps another.
RepetitionShares measure_as_dolma(Document& document);

/// DCLM, content_filters.py: every occurrence of what occurs twice counts; characters of words that
/// begin with a letter or number; a word under several repeated n-grams counts once.
RepetitionShares measure_as_dclm(Document& document);

/// NeMo Curator, repetition.py: what stands there again counts; the top n-gram is cut out of the
/// text as a string; a text of fewer than n words is all repetition.
RepetitionShares measure_as_nemo(Document& document);

}  // namespace aludel::curate
