#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "aludel/safety/lexicon.h"

namespace aludel::curate {

/// Cuts out every sentence that holds a hit, with the space after it; returns how many. Sentences
/// end at . ! ? before white space, at their CJK forms, and at new lines.
/// REQUIRES: hits are ordered by begin.
std::int64_t remove_sentences(std::string& text, std::span<const safety::LexiconHit> hits);

}  // namespace aludel::curate
