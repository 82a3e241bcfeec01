#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/embedded.h"
#include "aludel/base/result.h"
#include "aludel/safety/pattern_set.h"
#include "aludel/text/fold.h"

namespace aludel::safety {

/// A word of a list that stands in a text.
struct ListedWord {
  std::uint32_t word;     // its place in all lists together
  std::string_view list;  // name of the list
};

/// Folds a text as word lists are searched in it (text/fold.h, for values).
text::FoldedText fold_for_lists(std::string_view text);

/// Words of several lists, one file each, a word a line (# begins a comment), found in one pass.
/// find() may be called concurrently.
class WordLists {
 public:
  /// Errors: unsupported on a CPU that the pattern engine does not run on.
  static Result<WordLists> create(std::span<const EmbeddedFile> files);

  /// Every occurrence in a text of fold_for_lists(), in the text's order of ends: whole words only,
  /// ASCII letters in either case.
  std::vector<ListedWord> find(const text::FoldedText& folded) const;

 private:
  WordLists(PatternSet patterns, std::vector<std::string_view> lists)
      : patterns_(std::move(patterns)), lists_(std::move(lists)) {}

  PatternSet patterns_;
  std::vector<std::string_view> lists_;  // by word
};

}  // namespace aludel::safety
