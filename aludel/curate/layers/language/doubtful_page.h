#pragma once

#include <string_view>
#include <utility>

#include "aludel/base/result.h"
#include "aludel/safety/lexicon.h"

namespace aludel::curate {

/// A judge of pages whose address has a word with honest and other uses. It reads what the page
/// says. Concurrent is_unsafe(): yes.
class DoubtfulPages {
 public:
  /// Compiles the lexicons. Errors: unsupported on a CPU that the pattern engine does not run on.
  static Result<DoubtfulPages> create();

  /// True if title and text say what such addresses promise (sex, gambling, drugs, cracked
  /// programs): two different phrases of the lexicons, or one unmistakable phrase.
  bool is_unsafe(std::string_view title, std::string_view text) const;

 private:
  explicit DoubtfulPages(safety::Lexicon lexicon) : lexicon_(std::move(lexicon)) {}

  safety::Lexicon lexicon_;
};

}  // namespace aludel::curate
