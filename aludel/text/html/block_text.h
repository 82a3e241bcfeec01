#pragma once

#include <cstdint>
#include <string_view>

#include "aludel/text/html/block.h"
#include "aludel/text/html/phrase.h"
#include "aludel/text/html/tree.h"

/// What the characters of a block say without its surroundings.
namespace aludel::text::html {

/// Returns a hash of the block's text.
std::uint64_t text_hash(const Tree& tree, const Block& block);

enum class LastMark : std::uint8_t { none, sentence, colon };

/// Returns the kind of the block's last mark: the end of a sentence, or a colon, which announces
/// the next block.
LastMark last_mark(const Tree& tree, const Block& block);

/// Returns the share of the block's bytes inside <b>, <strong>, <i>, <em> or <u>, 0 to 1.
float emphasis_share(const Tree& tree, const Block& block);

/// Returns the phrases at the start of a short block; a long block has none.
PhraseSet phrases_of(const Tree& tree, const Block& block);

}  // namespace aludel::text::html
