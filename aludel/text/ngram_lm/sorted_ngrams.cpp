#include "aludel/text/ngram_lm/sorted_ngrams.h"

#include <algorithm>
#include <array>
#include <limits>

#include "aludel/base/check.h"
#include "aludel/text/ngram_lm/ngram_tables.h"

namespace aludel::text {
namespace {

using Position = std::uint32_t;

/// Compares what stands at and before positions, word by word, up to a begin mark.
class BackwardOrder {
 public:
  BackwardOrder(std::span<const std::uint32_t> words, std::uint32_t begin_id, int order)
      : words_(words), begin_id_(begin_id), order_(order) {}

  bool operator()(Position a, Position b) const {
    const int common = common_words(a, b);
    return common < order_ && !ends(a, common) && word(a, common) < word(b, common);
  }

  /// How many words the n-grams that end at a and b share, at most `order`.
  int common_words(Position a, Position b) const {
    int common = 0;
    while (common < order_ && !ends(a, common) && word(a, common) == word(b, common)) {
      ++common;
    }
    return common;
  }

  /// Whether no n-gram of more than `length` words ends here.
  bool ends(Position at, int length) const {
    return length > 0 && word(at, length - 1) == begin_id_;
  }

  std::uint32_t word(Position at, int back) const {
    return words_[at - static_cast<std::uint32_t>(back)];
  }

 private:
  std::span<const std::uint32_t> words_;
  std::uint32_t begin_id_;
  int order_;
};

/// All positions, sorted by what ends there: by the last word in one counting pass, then each
/// word's positions on their own.
std::vector<Position> sort_positions(std::span<const std::uint32_t> words, std::uint32_t vocab_size,
                                     const BackwardOrder& order, Threads& threads) {
  std::vector<Position> begins(vocab_size + std::size_t{1});
  for (const std::uint32_t word : words) {
    ++begins[word + std::size_t{1}];
  }
  for (std::size_t i = 1; i < begins.size(); ++i) {
    begins[i] += begins[i - 1];
  }
  std::vector<Position> sorted(words.size());
  std::vector<Position> next(begins.begin(), begins.end() - 1);
  for (Position at = 0; at < words.size(); ++at) {
    sorted[next[words[at]]++] = at;
  }
  threads.parallel_for(vocab_size, [&](std::size_t word) {
    std::sort(sorted.begin() + begins[word], sorted.begin() + begins[word + 1], order);
  });
  return sorted;
}

/// Walks the sorted positions and opens an entry wherever an n-gram differs from the one before.
class NgramCounter {
 public:
  NgramCounter(std::span<const std::uint32_t> words, std::uint32_t vocab_size,
               const BackwardOrder& order, int max_order)
      : words_(words), order_(order), max_order_(max_order), levels_(index(max_order)) {
    levels_[0].count.resize(vocab_size);
    levels_[0].first_child.resize(vocab_size + std::size_t{1});
    entries_at_.resize(index(max_order));
    for (std::size_t n = 1; n + 1 < levels_.size(); ++n) {  // contexts: not of the highest order
      entries_at_[n].resize(words.size());
    }
  }

  std::vector<NgramCounts> run(const std::vector<Position>& sorted) {
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      add(sorted[i], i == 0 ? 0 : order_.common_words(sorted[i - 1], sorted[i]));
    }
    finish_children();
    set_contexts();
    return std::move(levels_);
  }

 private:
  static std::size_t index(int order) { return static_cast<std::size_t>(order); }

  /// `common`: how many words this position's n-grams share with the position before.
  void add(Position at, int common) {
    const std::uint32_t last = order_.word(at, 0);
    open_[0] = last;
    for (int n = 1; n <= max_order_ && !order_.ends(at, n - 1); ++n) {
      const std::size_t level = index(n - 1);
      const bool is_new = n > common;
      if (is_new && n > 1) open_entry(n, at);
      const bool is_highest = n == max_order_ || order_.ends(at, n);
      const bool is_new_to_the_left = n + 1 > common;  // a word not yet seen before this n-gram
      if (is_highest || is_new_to_the_left) ++levels_[level].count[open_[level]];
      if (level > 0 && !entries_at_[level].empty()) entries_at_[level][at] = open_[level];
    }
  }

  void open_entry(int n, Position at) {
    const std::size_t level = index(n - 1);
    NgramCounts& counts = levels_[level];
    ALUDEL_CHECK(counts.size() < kNoNgramId, "too many n-grams of one order");
    if (level == 1) {
      // The first child of every unigram up to this one is known when the first comes.
      while (next_unigram_ <= open_[0]) {
        levels_[0].first_child[next_unigram_++] = static_cast<std::uint32_t>(counts.size());
      }
    }
    open_[level] = static_cast<std::uint32_t>(counts.size());
    counts.word.push_back(order_.word(at, n - 1));
    counts.count.push_back(0);
    counts.suffix.push_back(open_[level - 1]);
    first_positions_[level].push_back(at);
    if (n < max_order_) {
      counts.first_child.push_back(static_cast<std::uint32_t>(levels_[level + 1].size()));
    }
  }

  void finish_children() {
    for (std::size_t level = 0; level + 1 < levels_.size(); ++level) {
      const auto end = static_cast<std::uint32_t>(levels_[level + 1].size());
      if (level > 0) levels_[level].first_child.push_back(end);
      while (level == 0 && next_unigram_ < levels_[0].first_child.size()) {
        levels_[0].first_child[next_unigram_++] = end;
      }
    }
  }

  void set_contexts() {
    for (std::size_t level = 1; level < levels_.size(); ++level) {
      levels_[level].context.reserve(levels_[level].size());
      for (const Position at : first_positions_[level]) {
        levels_[level].context.push_back(level == 1 ? words_[at - 1]
                                                    : entries_at_[level - 1][at - 1]);
      }
    }
  }

  std::span<const std::uint32_t> words_;
  const BackwardOrder& order_;
  int max_order_;
  std::vector<NgramCounts> levels_;
  std::vector<std::vector<std::uint32_t>> entries_at_;  // by level, then position
  std::array<std::vector<Position>, kMaxNgramOrder> first_positions_;
  std::array<std::uint32_t, kMaxNgramOrder> open_ = {};
  std::size_t next_unigram_ = 0;
};

}  // namespace

std::vector<NgramCounts> count_ngrams(std::span<const std::uint32_t> words,
                                      std::uint32_t vocab_size, std::uint32_t begin_id, int order,
                                      Threads& threads) {
  ALUDEL_CHECK(order >= 1 && order <= kMaxNgramOrder, "order of n-grams");
  ALUDEL_CHECK(words.size() < std::numeric_limits<Position>::max(), "too many words");
  const BackwardOrder backward(words, begin_id, order);
  NgramCounter counter(words, vocab_size, backward, order);
  return counter.run(sort_positions(words, vocab_size, backward, threads));
}

}  // namespace aludel::text
