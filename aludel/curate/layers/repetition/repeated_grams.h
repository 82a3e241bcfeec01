#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "aludel/curate/document/scan/text_scan.h"

namespace aludel::curate {

/// Where an n-gram stands that occurs at least twice, and its number.
struct GramOccurrence {
  std::uint32_t begin;  // index of its first word
  std::uint32_t gram;   // equal for equal n-grams of this length
};

/// Finds the n-grams that occur twice or more, for n = 1, 2, 3… in turn. Exact: an n-gram is named
/// by the two (n-1)-grams in it, and only where both of them repeat can it repeat, so that the work
/// shrinks with n.
class RepeatedGramFinder {
 public:
  /// Starts at n = 1. `words` must outlive it.
  explicit RepeatedGramFinder(const ScannedWords& words);

  std::size_t length() const { return length_; }

  /// Goes on to n + 1.
  void extend();

  /// In the order of the text; two occurrences may overlap.
  std::span<const GramOccurrence> occurrences() const { return occurrences_; }

  /// How often an n-gram of occurrences() occurs.
  std::uint32_t count(std::uint32_t gram) const { return counts_[gram]; }

 private:
  std::uint32_t add(std::uint64_t pair);

  std::size_t length_ = 1;
  std::vector<GramOccurrence> occurrences_;
  std::vector<std::uint32_t> counts_;  // by gram
  std::vector<std::uint32_t> next_;    // the gram that stands one word after the i-th occurrence
  std::vector<std::uint64_t> pairs_;   // open addressing: the two shorter grams, plus 1; 0 is empty
  std::vector<std::uint32_t> grams_;   // by slot
  std::size_t mask_ = 0;
  unsigned shift_ = 0;
};

/// Which of several n-grams of one count is the top one.
enum class TopGramTie : std::uint8_t { first, longest };

/// The most frequent n-gram of occurrences(); count 0 when nothing repeats.
struct TopGram {
  std::uint32_t count = 0;
  std::uint32_t begin = 0;     // of its first occurrence
  std::size_t characters = 0;  // of one occurrence, of the words alone
};

TopGram top_gram(const ScannedWords& words, const RepeatedGramFinder& grams, TopGramTie tie);

/// Characters of what occurs again: from left to right, each n-gram that stood before counts and is
/// passed over, as datatrove counts.
std::size_t again_characters(const ScannedWords& words, const RepeatedGramFinder& grams);

/// Characters of all words that occurrences() cover, each word once.
std::size_t covered_characters(const ScannedWords& words, const RepeatedGramFinder& grams);

}  // namespace aludel::curate
