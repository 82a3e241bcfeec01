#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aludel/text/tokenizer/training_words.h"

namespace aludel::text {

/// The unique words of a text as symbols that byte-pair training merges step by step, with the
/// count of every pair of neighbours kept up to date.
class MergeCorpus {
 public:
  struct Character {
    char32_t value = 0;
    std::uint64_t count = 0;
  };

  /// REQUIRES: fewer than 2^32 characters in unique words.
  MergeCorpus(const WordCounts& words, std::int64_t max_piece_characters, std::uint64_t min_count);

  /// Every character, the most frequent first; the lower code point among equals.
  const std::vector<Character>& characters() const { return characters_; }

  /// How often the most frequent pair occurs; 0 when no pair occurs min_count times.
  std::uint64_t best_count();

  /// Merges the most frequent pair (among equals the one of the earlier symbols) wherever it
  /// occurs, and with it every other pair that makes the same text. Returns that text, or nothing
  /// when it is a symbol already. REQUIRES: best_count() > 0.
  std::optional<std::string> merge_best();

 private:
  using Position = std::uint32_t;

  struct Symbol {
    std::string text;
    std::int64_t characters = 1;
  };

  /// Where it may occur; some positions are out of date. Most pairs occur once: the first position
  /// needs no memory of its own.
  struct Pair {
    std::int32_t left = 0;
    std::int32_t right = 0;
    std::uint64_t count = 0;
    Position first = 0;
    bool has_first = false;
    std::vector<Position> more;
  };

  struct Candidate {
    std::uint64_t count = 0;
    std::int32_t left = 0;
    std::int32_t right = 0;
    std::uint32_t pair = 0;

    bool operator<(const Candidate& other) const;
  };

  void add_words(const WordCounts& words);
  void count_pairs();
  void add_occurrence(std::int32_t left, std::int32_t right, Position at);
  void remove_occurrence(std::int32_t left, std::int32_t right, Position at);
  Pair* find_pair(std::int32_t left, std::int32_t right);
  std::size_t slot_of_pair(std::int32_t left, std::int32_t right) const;
  void grow_pair_slots();
  void merge_at(Position at, std::int32_t merged);
  std::int32_t symbol_of(std::string_view text) const;
  std::vector<Position> take_occurrences(std::string_view text);
  bool is_pair_of(Position at, std::string_view text) const;

  std::int64_t max_piece_characters_;
  std::uint64_t min_count_;
  std::vector<Character> characters_;
  std::vector<Symbol> symbols_;
  std::unordered_map<std::string, std::int32_t, WordCounts::Hash, std::equal_to<>> symbol_ids_;
  // One entry a character of the unique words, all words one after the other.
  std::vector<std::int32_t> symbol_at_;  // -1: merged into a symbol to the left
  std::vector<Position> next_;
  std::vector<Position> previous_;
  std::vector<std::uint32_t> word_at_;
  std::vector<std::uint64_t> word_counts_;
  std::vector<Pair> pairs_;
  std::vector<std::uint32_t> pair_slots_;  // open addressing: places in pairs_
  std::vector<std::uint32_t> grown_;       // pairs that gained occurrences in this merge
  std::priority_queue<Candidate> candidates_;
};

}  // namespace aludel::text
