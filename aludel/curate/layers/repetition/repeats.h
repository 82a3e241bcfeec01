#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "aludel/text/words.h"

// How much of a text repeats itself. The limits are Gopher's (arXiv:2112.11446, table A1), whose
// text leaves the measures open; these are DCLM's (mlfoundations/dclm, content_filters.py): every
// occurrence of what occurs twice counts, characters are those of words (no punctuation, no space),
// and a word that several repeated n-grams cover counts once.
namespace aludel::curate {

/// Shares in [0, 1].
struct RepeatedPart {
  double count = 0;       // of lines or paragraphs
  double characters = 0;  // of the characters of all words
};

/// The words of a text with the sums of their characters.
class MeasuredWords {
 public:
  explicit MeasuredWords(std::string_view text);

  std::span<const text::Word> words() const { return words_; }

  std::size_t size() const { return words_.size(); }

  /// Characters of the words [begin, end).
  std::size_t characters(std::size_t begin, std::size_t end) const {
    return sums_[end] - sums_[begin];
  }

  std::size_t all_characters() const { return sums_.back(); }

  /// Whether most characters are of scripts that put no space between words.
  bool mostly_cjk() const { return cjk_ * 2 > words_.size(); }

 private:
  std::vector<text::Word> words_;  // without symbols
  std::vector<std::size_t> sums_;  // sums_[i]: characters of the first i words
  std::size_t cjk_ = 0;
};

/// The share of parts (cut at `separator`, blank ones left out) that occur more than once. Nothing
/// repeats in fewer than two parts.
RepeatedPart repeated_parts(std::string_view text, std::string_view separator,
                            const MeasuredWords& words);

/// Shares of the characters that n-grams of words take; [i] is n = lengths[i].
struct RepeatedGrams {
  std::array<double, 3> top{};         // the most frequent 2-, 3- and 4-gram, all its occurrences
  std::array<double, 6> duplicated{};  // 5- to 10-grams that occur more than once, together
};

/// REQUIRES: both lists of lengths increase, all at least 1.
RepeatedGrams repeated_grams(const MeasuredWords& words, const std::array<std::size_t, 3>& top,
                             const std::array<std::size_t, 6>& duplicated);

}  // namespace aludel::curate
