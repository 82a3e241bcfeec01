#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/safety/word_lists.h"

namespace aludel::safety {

/// Dialects that a text is written in, told by spellings and words that other varieties of the
/// language do not use, so that what a filter keeps can be compared between them. A coarse guess: a
/// text without such words is of none. The lists (aludel/safety/lexicons/dialect, one file a
/// dialect) are our own; why dialects must be looked at: Sap et al. 2019, doi:10.18653/v1/P19-1163.
/// find() may be called concurrently.
class Dialects {
 public:
  /// Errors: unsupported on a CPU that the pattern engine does not run on.
  static Result<Dialects> create();

  /// Names of the dialects of which the text has two different words or more, and that no other
  /// has twice as many of; sorted. Whole words only, ASCII letters in either case.
  std::vector<std::string_view> find(std::string_view text) const {
    return find(fold_for_lists(text));
  }

  /// The same in a text of fold_for_lists().
  std::vector<std::string_view> find(const text::FoldedText& folded) const;

 private:
  explicit Dialects(WordLists words) : words_(std::move(words)) {}

  WordLists words_;
};

}  // namespace aludel::safety
