#pragma once
// Names of tokens in the log probabilities of /v1/completions, whose form is an object by name.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "aludel/text/tokenizer/stream_decoder.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::serve {

/// A name for each of the ids, all different although several tokens may have one text. The first
/// with a text has it as its name; bytes that are no UTF-8 are "bytes:\xe4", as OpenAI writes them;
/// a special is named by its piece ("<|im_end|>"); and what is left is "token_id:7".
std::vector<std::string> distinct_token_names(const text::Tokenizer& tokenizer,
                                              std::span<const std::int32_t> ids);

/// Where the tokens of a reply begin, in code points of its text.
class TextOffsets {
 public:
  explicit TextOffsets(const text::Tokenizer& tokenizer)
      : decoder_(tokenizer, text::StreamDecoder::After::prompt) {}

  /// The place of the next token. One that goes on with a character has that character's place.
  std::int64_t push(std::int32_t id);

 private:
  text::StreamDecoder decoder_;
  std::int64_t code_points_ = 0;
};

}  // namespace aludel::serve
