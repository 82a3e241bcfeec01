#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "aludel/base/threads.h"

namespace aludel::text {

/// The distinct n-grams of one order in the order of a NgramLevel, with what estimation needs.
struct NgramCounts {
  std::vector<std::uint32_t> word;  // the leftmost; empty for unigrams, where it is the place
  /// Occurrences in the highest order and after a begin mark; else the number of distinct words
  /// seen to the left (Kneser-Ney's continuation count).
  std::vector<std::uint64_t> count;
  std::vector<std::uint32_t> suffix;       // entry of the order below, without the leftmost word
  std::vector<std::uint32_t> context;      // entry of the order below, without the last word
  std::vector<std::uint32_t> first_child;  // entries + 1; empty in the last order

  std::size_t size() const { return count.size(); }
};

/// Counts n-grams of orders 1 to `order` over sequences that each start with `begin_id`, which
/// stands nowhere else. One sort of all positions, by the words read backwards, gives every order
/// at once. The same for any number of threads.
/// REQUIRES: ids below vocab_size; fewer than 2^32 words.
std::vector<NgramCounts> count_ngrams(std::span<const std::uint32_t> words,
                                      std::uint32_t vocab_size, std::uint32_t begin_id, int order,
                                      Threads& threads);

}  // namespace aludel::text
