#pragma once

#include "aludel/base/json.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::text {

/// What stands in tokenizer_config.json beside a tokenizer.json, for Hugging Face's AutoTokenizer:
/// whether the begin id is put before a text (no id is put behind one), the names of the specials
/// (padding is the unknown piece, as in the Yi tokenizers), and the ChatML template where
/// can_chat().
Json tokenizer_config(const Tokenizer& tokenizer);

}  // namespace aludel::text
