#pragma once

// Where a repeated run may be cut out without leaving half sentences.

#include <span>
#include <string_view>
#include <vector>

#include "aludel/curate/layers/shared/cut_text.h"
#include "aludel/text/words.h"

namespace aludel::curate::exact_dedup {

/// The words of a text in which repeats are found: as they are spelt, a run of one symbol once.
std::vector<text::Word> repeat_words(std::string_view text);

/// The part of a run of words that begins and ends where a line or sentence does; when that is less
/// than half of it, the run less the symbols at its front, which close the sentence before.
/// REQUIRES: `run` is not empty and inside `words`, the words of `text`.
Range snap_to_sentences(std::string_view text, std::span<const text::Word> words, const Range& run);

}  // namespace aludel::curate::exact_dedup
