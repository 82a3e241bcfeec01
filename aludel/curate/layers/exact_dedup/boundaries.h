#pragma once

// Finds where a repeated run may be cut out without leaving half sentences.

#include <span>
#include <string_view>
#include <vector>

#include "aludel/curate/layers/shared/cut_text.h"
#include "aludel/text/words.h"

namespace aludel::curate::exact_dedup {

/// Returns the words in which repeats are found: as written, with a run of one symbol as one word.
std::vector<text::Word> repeat_words(std::string_view text);

/// Returns the part of a run of words that begins and ends with a line or sentence. If that is less
/// than half of the run, returns the run without the symbols at its front, which close the sentence
/// before.
/// REQUIRES: `run` is not empty and inside `words`, the words of `text`.
Range snap_to_sentences(std::string_view text, std::span<const text::Word> words, const Range& run);

}  // namespace aludel::curate::exact_dedup
