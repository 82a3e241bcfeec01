#include "aludel/curate/layers/language/word_automaton.h"

namespace aludel::curate {

std::size_t WordAutomaton::symbol_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::size_t>(c - '0') + 26;
  if (c >= 'A' && c <= 'Z') return static_cast<std::size_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::size_t>(c - 'a');
  return kNone;
}

void WordAutomaton::add(std::string_view word) {
  State state = kStart;
  for (const char c : word) {
    const std::size_t symbol = symbol_of(c);
    if (symbol == kNone) continue;
    if (nodes_[state].next[symbol] == kStart) {
      nodes_[state].next[symbol] = static_cast<State>(nodes_.size());
      nodes_.emplace_back();
    }
    state = nodes_[state].next[symbol];
  }
  nodes_[state].is_end = state != kStart;
}

// Goes breadth first, so that the state to fall back to is complete before a node needs it.
void WordAutomaton::build(const std::vector<std::string_view>& words) {
  nodes_.assign(1, {});
  for (const std::string_view word : words) {
    add(word);
  }
  std::vector<State> fallback(nodes_.size(), kStart);
  std::vector<State> queue = {kStart};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const State state = queue[i];
    for (std::size_t symbol = 0; symbol < kSymbols; ++symbol) {
      const State below = state == kStart ? kStart : nodes_[fallback[state]].next[symbol];
      const State child = nodes_[state].next[symbol];
      if (child == kStart) {
        nodes_[state].next[symbol] = below;
        continue;
      }
      fallback[child] = below;
      nodes_[child].is_end = nodes_[child].is_end || nodes_[below].is_end;
      queue.push_back(child);
    }
  }
}

}  // namespace aludel::curate
