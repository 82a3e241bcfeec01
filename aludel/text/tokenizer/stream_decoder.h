#pragma once

#include <cstdint>
#include <string>

#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::text {

/// Decodes ids one by one. What push() and finish() return adds up to the decoded text, and push()
/// never cuts a character: the bytes of an unfinished one are held back.
class StreamDecoder {
 public:
  /// What stands before the first id: nothing (the space that encoding puts in front is dropped, as
  /// in decode) or a prompt (every space counts).
  enum class After : std::uint8_t { nothing, prompt };

  /// REQUIRES: the tokenizer outlives this.
  explicit StreamDecoder(const Tokenizer& tokenizer, After after = After::nothing);

  /// The text that is certain now; often empty.
  std::string push(std::int32_t id);

  /// What is left: the bytes of a character that never ended.
  std::string finish();

 private:
  const Tokenizer& tokenizer_;
  Tokenizer::Place place_;
  std::string held_;
};

}  // namespace aludel::text
