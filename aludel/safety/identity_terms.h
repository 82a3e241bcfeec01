#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/safety/word_lists.h"

namespace aludel::safety {

/// Groups of people that a text names, in English and Chinese, so that what a filter keeps can be
/// compared between them. A term says who is written about, not what is said of them.
/// The lists (aludel/safety/lexicons/identity, one file a group) are our own; the practice is that
/// of Dixon et al. 2018, doi:10.1145/3278721.3278729. find() may be called concurrently.
class IdentityTerms {
 public:
  /// Errors: unsupported on a CPU that the pattern engine does not run on.
  static Result<IdentityTerms> create();

  /// Names of the groups with a term in the text, whole words only, ASCII letters in either case;
  /// sorted.
  std::vector<std::string_view> find(std::string_view text) const {
    return find(fold_for_lists(text));
  }

  /// The same in a text of fold_for_lists().
  std::vector<std::string_view> find(const text::FoldedText& folded) const;

 private:
  explicit IdentityTerms(WordLists terms) : terms_(std::move(terms)) {}

  WordLists terms_;
};

}  // namespace aludel::safety
