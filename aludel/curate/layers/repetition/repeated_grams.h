#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "aludel/curate/document/scan/text_scan.h"

namespace aludel::curate {

/// An occurrence of an n-gram that occurs at least twice.
struct GramOccurrence {
  std::uint32_t begin;  // index of its first word
  std::uint32_t gram;   // equal for equal n-grams of this length
};

/// A search for the n-grams that occur twice or more, for n = 1, 2, 3… in turn. It is exact: it
/// names an n-gram by the two (n-1)-grams in it. An n-gram can repeat only if both of them do, so
/// the work shrinks as n grows.
class RepeatedGramFinder {
 public:
  /// Starts at n = 1. `words` must outlive it.
  explicit RepeatedGramFinder(const ScannedWords& words);

  std::size_t length() const { return length_; }

  /// Continues with n + 1.
  void extend();

  /// Returns the occurrences in the order of the text; two may overlap.
  std::span<const GramOccurrence> occurrences() const { return occurrences_; }

  /// Returns how often an n-gram of occurrences() occurs.
  std::uint32_t count(std::uint32_t gram) const { return counts_[gram]; }

 private:
  std::uint32_t add(std::uint64_t pair);

  std::size_t length_ = 1;
  std::vector<GramOccurrence> occurrences_;
  std::vector<std::uint32_t> counts_;  // by gram
  std::vector<std::uint32_t> next_;    // by occurrence: the gram that begins one word later
  std::vector<std::uint64_t> pairs_;   // open addressing: the two shorter grams, plus 1; 0 is empty
  std::vector<std::uint32_t> grams_;   // by slot
  std::size_t mask_ = 0;
  unsigned shift_ = 0;
};

/// The choice among several most frequent n-grams.
enum class TopGramTie : std::uint8_t { first, longest };

/// The most frequent n-gram of occurrences(); count 0 when nothing repeats.
struct TopGram {
  std::uint32_t count = 0;
  std::uint32_t begin = 0;     // first word of its first occurrence
  std::size_t characters = 0;  // of the words of one occurrence
};

TopGram top_gram(const ScannedWords& words, const RepeatedGramFinder& grams, TopGramTie tie);

/// Returns the characters of repeated n-grams as datatrove counts them: goes from left to right,
/// counts each n-gram that has occurred before, and continues behind it.
std::size_t again_characters(const ScannedWords& words, const RepeatedGramFinder& grams);

/// Returns the characters of all words that occurrences() cover, each word once.
std::size_t covered_characters(const ScannedWords& words, const RepeatedGramFinder& grams);

}  // namespace aludel::curate
