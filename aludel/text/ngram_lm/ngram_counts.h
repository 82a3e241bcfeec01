#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/exec/record_sorter.h"
#include "aludel/text/ngram_lm/ngram_file.h"

namespace aludel::text {

// A word in a sorted key: four bytes, the highest first, of its id + 1, so that keys order as ids
// do; 0 is no word, where a sequence begins before an n-gram of the highest order would.
inline constexpr std::size_t kWordBytes = 4;

void put_word(char* bytes, std::uint32_t id);
/// REQUIRES: has_word(bytes).
std::uint32_t get_word(const char* bytes);
bool has_word(const char* bytes);

/// Counts of counts: how many n-grams have count 1, 2, 3, 4.
using CountsOfCounts = std::array<std::uint64_t, 4>;

/// Counts as Kneser-Ney smoothing asks for them: occurrences for n-grams of the highest order and
/// those that begin with a begin mark; else the number of distinct words seen to the left.
struct AdjustedCounts {
  std::vector<std::uint64_t> unigrams;  // by id; 0 for the begin mark
  /// Sorted n-grams by order, from 2: the words of the context from its last to its first, then the
  /// last word, then the count (uint64_t).
  std::vector<std::unique_ptr<exec::SortedRecords>> by_context;
  std::vector<CountsOfCounts> counts_of_counts;  // by order - 1
};

/// Counts n-grams of orders 1 to `order` over sequences, in memory of about order + 1 times
/// place.memory_bytes and 8 bytes an id. One caller at a time. The same for any number of threads
/// and any memory.
class NgramCounter {
 public:
  NgramCounter(const exec::SortPlace& place, int order, std::uint32_t begin_id);

  /// `words` starts with begin_id, which stands nowhere else. Errors: those of the files.
  Status add_sequence(std::span<const std::uint32_t> words);

  /// REQUIRES: ids below vocab_size.
  Result<AdjustedCounts> finish(std::uint32_t vocab_size);

 private:
  exec::SortPlace place_;
  std::size_t order_;
  std::uint32_t begin_id_;
  std::vector<std::uint64_t> unigrams_;  // occurrences, if order 1 is the highest
  std::vector<exec::RecordSorter>
      highest_;  // one sorter of n-grams of the highest order, if above 1
};

}  // namespace aludel::text
