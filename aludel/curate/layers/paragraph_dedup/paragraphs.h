#pragma once

// The paragraphs of a text and their hashes.

#include <string_view>
#include <vector>

#include "aludel/base/hash.h"

namespace aludel::curate::paragraph_dedup {

/// Bytes [begin, end) of a text, without the line breaks around them.
struct Paragraph {
  std::size_t begin;
  std::size_t end;
  std::size_t words;  // code points of scripts without spaces count as words, symbols do not
  Hash128 hash;       // of the words, without case, white space and symbols
};

/// Splits a text into paragraphs at blank lines, or at line ends if it has no blank line.
std::vector<Paragraph> split_paragraphs(std::string_view text);

}  // namespace aludel::curate::paragraph_dedup
