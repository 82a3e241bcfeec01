#pragma once

#include <string_view>

#include "aludel/curate/document/scan/text_scan.h"

// Words as other programs split them, for the compat modes.
namespace aludel::curate {

/// Splits like Python's str.split(): the words of Dolma and NeMo Curator.
ScannedWords white_space_words(std::string_view text);

/// Splits like spaCy's English tokenizer, without white space: the words of datatrove. Exceptions,
/// prefixes, suffixes, infixes and addresses follow spaCy 3.8. DEVIATION: letters are Unicode's,
/// not spaCy's list of scripts, and an emoticon inside a longer run remains split.
ScannedWords spacy_words(std::string_view text);

/// Splits by Unicode's default word boundaries and keeps words that begin with a letter or number:
/// the words of DCLM, which uses uniseg. Source: UAX #29, revision 41, section 4.1. Emoji sequences
/// and flags are not implemented, because they do not begin so.
ScannedWords uax29_words(std::string_view text);

}  // namespace aludel::curate
