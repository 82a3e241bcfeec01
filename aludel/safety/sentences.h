#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/safety/lexicon.h"

namespace aludel::safety {

/// Bytes [begin, end) of a text.
struct Sentence {
  std::size_t begin;
  std::size_t end;
};

/// Returns the sentences of a text, which cover it without gaps. A sentence ends at . ! ? before
/// white space, at their CJK forms, and at a new line; the spaces after it belong to it.
std::vector<Sentence> sentences_of(std::string_view text);

/// Cuts out every sentence in which a hit begins; returns how many. REQUIRES: hits are ordered by
/// begin.
std::int64_t remove_sentences(std::string& text, std::span<const LexiconHit> hits);

}  // namespace aludel::safety
