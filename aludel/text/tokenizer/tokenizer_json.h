#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/text/tokenizer/tokenizer_model.h"

namespace aludel::text {

/// Reads a Hugging Face `tokenizer.json` of a byte-fallback BPE, as Llama-2's.
/// Its `post_processor` is read_post_processor()'s. Docs: docs/formats/tokenizer.md.
/// Errors: corrupt_data; unsupported for other models (byte-level BPE, unigram, WordPiece) and for
/// normalisers and pre-tokenisers other than those of Llama.
Result<TokenizerModel> read_tokenizer_json(const Json& file);

/// What the step behind the encoding of a text puts around it.
struct PostProcessor {
  std::optional<std::int32_t> begin_id;
  bool adds_end = false;
};

/// Reads `post_processor`: TemplateProcessing with at most one id in front of a text.
/// Errors: corrupt_data; unsupported for other steps that add ids.
Result<PostProcessor> read_post_processor(const Json* rule);

/// Checks that `model.vocab` gives every piece the id that it has in `model`, or that one of the
/// file's own added tokens has. The file may lack pieces. Errors: corrupt_data.
Status check_vocabulary(const Json& file, const TokenizerModel& model);

/// The text of a `tokenizer.json` that read_tokenizer_json and Hugging Face tokenizers read back.
/// Merges by score are written as the list of all splits of every piece, best score first.
std::string write_tokenizer_json(const TokenizerModel& model);

}  // namespace aludel::text
