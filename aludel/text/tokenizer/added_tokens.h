#pragma once
// Tokens that a file adds to a vocabulary, or states again.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/text/tokenizer/tokenizer_model.h"

namespace aludel::text {

/// One token with its id, and the file that says so.
struct AddedToken {
  std::string text;
  std::int64_t id = 0;
  bool special = false;  // never made from text
  std::string file;
};

/// Reads `added_tokens` of a tokenizer.json: [{"id": 6, "content": "<|im_start|>", …}, …].
/// Errors: corrupt_data; unsupported for a token that takes spaces or stands between words only.
Result<std::vector<AddedToken>> read_added_tokens(const Json* list);

/// Reads `added_tokens_decoder` of a tokenizer_config.json: {"6": {"content": "<|im_start|>", …}}.
/// Errors: as read_added_tokens.
Result<std::vector<AddedToken>> read_added_tokens_decoder(const Json* object);

/// Reads an added_tokens.json: {"<|im_start|>": 6, …}. A token is special where `specials` names
/// it. Errors: corrupt_data.
Result<std::vector<AddedToken>> read_added_tokens_file(const Json& object,
                                                       std::span<const std::string> specials);

/// Puts the tokens into the vocabulary. A token that is there already must have the same id; it
/// becomes a special where the file says so, and else is cut out of text as a whole from now on.
/// Errors: corrupt_data for two texts of one id, two ids of one text, an id far out of range.
Status add_tokens(std::span<const AddedToken> tokens, TokenizerModel& model);

}  // namespace aludel::text
