#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace aludel::text {

/// Calls visit(word) for each stretch of text inside which training may merge: a word has one
/// script (kana counts as Han) and at most one space, in front; a digit, and a run of further
/// spaces, is a word of its own. Line ends, U+2581 and what is not UTF-8 belong to no word.
/// Source: SentencePiece, trainer_interface.cc (split_by_unicode_script, split_digits,
/// allow_whitespace_only_pieces).
void for_each_training_word(std::string_view text,
                            const std::function<void(std::string_view word)>& visit);

/// How often each word occurs. The sum over texts does not depend on their order.
class WordCounts {
 public:
  void add_text(std::string_view text);
  void merge(const WordCounts& other);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const;
  };

  using Map = std::unordered_map<std::string, std::uint64_t, Hash, std::equal_to<>>;

  const Map& counts() const { return counts_; }

  /// Bytes of all texts added.
  std::uint64_t bytes() const { return bytes_; }

 private:
  Map counts_;
  std::uint64_t bytes_ = 0;
};

}  // namespace aludel::text
