#pragma once

#include <string_view>

#include "aludel/curate/document/scan/text_scan.h"

// Words as the peers cut them, for their compat modes.
namespace aludel::curate {

/// What Python's str.split() gives: Dolma's words and NeMo Curator's.
ScannedWords white_space_words(std::string_view text);

/// What spaCy's English tokenizer gives, white space left out: datatrove's words. Exceptions,
/// prefixes, suffixes, infixes and addresses follow spaCy 3.8; letters are Unicode's instead of its
/// list of scripts, and an emoticon inside a longer run stays cut.
ScannedWords spacy_words(std::string_view text);

/// Words by Unicode's default boundaries that begin with a letter or number: DCLM's words, which
/// uniseg cuts. Source: UAX #29, revision 41, section 4.1; emoji sequences and flags are left out,
/// they begin with neither.
ScannedWords uax29_words(std::string_view text);

}  // namespace aludel::curate
