#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/rng.h"

namespace aludel::planted {

/// A small context-free grammar that writes sentences. Its text: "@name" opens a symbol, each
/// further line is one way to write it; {name} stands for a symbol, {2-99} for a number; '#' opens
/// a comment.
class Grammar {
 public:
  /// REQUIRES: the text is well formed and names no unknown symbol (they are compiled in).
  explicit Grammar(std::string_view text);

  /// The grammar of a file in planted/grammars. REQUIRES: it exists.
  static const Grammar& named(std::string_view name);

  bool has(std::string_view symbol) const;

  std::string write(std::string_view symbol, Rng& random) const;

  /// `count` sentences that begin from different lines of `symbol` as long as there are any.
  std::vector<std::string> write_many(std::string_view symbol, std::size_t count,
                                      Rng& random) const;

 private:
  const std::vector<std::string>& lines(std::string_view symbol) const;
  std::string expand(std::string_view line, Rng& random) const;

  std::map<std::string, std::vector<std::string>, std::less<>> symbols_;
};

/// `text` with every `mark` replaced.
std::string replace_all(std::string text, std::string_view mark, std::string_view with);

}  // namespace aludel::planted
