#pragma once

#include <cstdint>
#include <string_view>

#include "aludel/text/html/block.h"
#include "aludel/text/html/phrase.h"
#include "aludel/text/html/tree.h"

/// What the characters of one block say, by themselves.
namespace aludel::text::html {

/// Equal for blocks of equal text.
std::uint64_t text_hash(const Tree& tree, const Block& block);

enum class LastMark : std::uint8_t { none, sentence, colon };

/// Whether the block ends as a sentence does (colons too), or leads to what follows.
LastMark last_mark(const Tree& tree, const Block& block);

/// Share of the block's bytes inside <b>, <strong>, <i>, <em> or <u>, 0 to 1.
float emphasis_share(const Tree& tree, const Block& block);

/// Phrases at the start of a short block; of longer ones none.
PhraseSet phrases_of(const Tree& tree, const Block& block);

}  // namespace aludel::text::html
