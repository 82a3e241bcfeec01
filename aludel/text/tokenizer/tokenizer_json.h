#pragma once

#include <string>
#include <string_view>

#include "aludel/base/result.h"
#include "aludel/text/tokenizer/tokenizer_model.h"

namespace aludel::text {

/// Reads a Hugging Face `tokenizer.json` of a byte-fallback BPE, as Llama-2's.
/// Docs: docs/formats/tokenizer.md. Errors: corrupt_data; unsupported for other models (byte-level
/// BPE, unigram, WordPiece) and for normalisers and pre-tokenisers other than those of Llama.
Result<TokenizerModel> parse_tokenizer_json(std::string_view text);

/// The text of a `tokenizer.json` that parse_tokenizer_json and Hugging Face tokenizers read back.
/// Merges by score are written as the list of all splits of every piece, best score first.
std::string write_tokenizer_json(const TokenizerModel& model);

}  // namespace aludel::text
