#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/safety/lexicon.h"

namespace aludel::curate {

/// Bytes [begin, end) of a text.
struct Sentence {
  std::size_t begin;
  std::size_t end;
};

/// The sentences of a text, which they cover without gaps; they end where remove_sentences() says.
std::vector<Sentence> sentences_of(std::string_view text);

/// Cuts out every sentence that holds a hit, with the space after it; returns how many. Sentences
/// end at . ! ? before white space, at their CJK forms, and at new lines.
/// REQUIRES: hits are ordered by begin.
std::int64_t remove_sentences(std::string& text, std::span<const safety::LexiconHit> hits);

}  // namespace aludel::curate
