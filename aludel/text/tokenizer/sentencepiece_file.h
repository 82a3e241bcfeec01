#pragma once

#include <string>
#include <string_view>

#include "aludel/base/result.h"
#include "aludel/text/tokenizer/tokenizer_model.h"

namespace aludel::text {

/// Reads the bytes of a SentencePiece BPE `tokenizer.model`. Docs: docs/formats/tokenizer.md.
/// Errors: corrupt_data; unsupported for other model types (unigram, word, char), a precompiled
/// character map (normaliser other than identity), whitespace as suffix, unused pieces.
Result<TokenizerModel> parse_sentencepiece(std::string_view bytes);

/// The bytes of a `tokenizer.model` that parse_sentencepiece and SentencePiece read back.
/// REQUIRES: no listed merges (their order cannot be written as scores).
std::string write_sentencepiece(const TokenizerModel& model);

}  // namespace aludel::text
