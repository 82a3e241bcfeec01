#pragma once

#include "aludel/base/json.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::text {

/// What stands in tokenizer_config.json beside a tokenizer.json, for Hugging Face's AutoTokenizer:
/// no id is put before or behind a text, the names of the specials (padding is the unknown piece,
/// as in the Yi tokenizers), and the ChatML template where can_chat().
Json tokenizer_config(const Tokenizer& tokenizer);

}  // namespace aludel::text
