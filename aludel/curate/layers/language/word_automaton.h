#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace aludel::curate {

/// An automaton that finds any of many words in one pass over a text of a-z and 0-9.
/// Source: Aho & Corasick 1975, "Efficient string matching". Concurrent step(): yes.
class WordAutomaton {
 public:
  static constexpr std::size_t kSymbols = 36;
  static constexpr std::size_t kNone = kSymbols;

  using State = std::uint32_t;
  static constexpr State kStart = 0;

  /// Returns 0 to 35 for a-z (in either case) and 0-9; kNone for anything else.
  static std::size_t symbol_of(char c);

  /// Builds the automaton anew. Skips empty words, and characters of words that are not symbols.
  void build(const std::vector<std::string_view>& words);

  /// Returns the state after one more symbol. REQUIRES: symbol < kSymbols.
  State step(State state, std::size_t symbol) const { return nodes_[state].next[symbol]; }

  /// True if a word ends in this state.
  bool found(State state) const { return nodes_[state].is_end; }

 private:
  struct Node {
    std::array<State, kSymbols> next{};
    bool is_end = false;
  };

  void add(std::string_view word);

  std::vector<Node> nodes_ = std::vector<Node>(1);
};

}  // namespace aludel::curate
