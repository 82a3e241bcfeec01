#include "aludel/text/ngram_lm/ngram_counts.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "aludel/base/check.h"

namespace aludel::text {
namespace {

using Key = std::array<char, kMaxNgramOrder * kWordBytes>;

/// N-grams of `order` words by these words, each with its count behind them.
exec::RecordOrder by_words(std::size_t order, exec::EqualKeys equal) {
  const std::size_t key_bytes = order * kWordBytes;
  return {key_bytes + sizeof(std::uint64_t), key_bytes, equal};
}

void count_count(CountsOfCounts& counts, std::uint64_t count) {
  if (count >= 1 && count <= counts.size()) ++counts[count - 1];
}

/// Reads n-grams of the highest order, sorted by their words from the last to the first. All that
/// end in one shorter n-gram stand together, so that one pass counts every order.
class CountAdjuster {
 public:
  CountAdjuster(const exec::SortPlace& place, std::size_t order, std::uint32_t begin_id,
                std::uint32_t vocab_size)
      : order_(order), begin_id_(begin_id) {
    adjusted_.unigrams.resize(vocab_size);
    adjusted_.counts_of_counts.resize(order);
    for (std::size_t n = 2; n <= order; ++n) {
      sorters_.emplace_back(place, fmt::format("context-{}", n),
                            by_words(n, exec::EqualKeys::kept));
    }
  }

  Result<AdjustedCounts> run(exec::SortedRecords& highest) {
    const std::size_t key_bytes = order_ * kWordBytes;
    bool is_first = true;
    std::string_view bytes;
    while (ALUDEL_TRY(highest.next(bytes))) {
      const char* record = bytes.data();
      std::size_t common = 0;  // words that it shares with the one before
      while (!is_first && common < order_ &&
             std::memcmp(record + common * kWordBytes, open_.data() + common * kWordBytes,
                         kWordBytes) == 0) {
        ++common;
      }
      if (!is_first) ALUDEL_TRY(close(common));
      is_first = false;
      std::memcpy(open_.data(), record, key_bytes);
      std::uint64_t count;
      std::memcpy(&count, record + key_bytes, sizeof count);
      open(common, count);
    }
    if (!is_first) ALUDEL_TRY(close(0));
    adjusted_.unigrams[begin_id_] = 0;  // no word to predict
    for (const std::uint64_t count : adjusted_.unigrams) {
      count_count(adjusted_.counts_of_counts[0], count);
    }
    for (exec::RecordSorter& sorter : sorters_) {
      adjusted_.by_context.push_back(ALUDEL_TRY(sorter.finish()));
    }
    return std::move(adjusted_);
  }

 private:
  const char* word(std::size_t n) const { return open_.data() + (n - 1) * kWordBytes; }

  /// Opens the n-grams of more than `common` words, each one more word to the left of the shorter.
  void open(std::size_t common, std::uint64_t count) {
    for (std::size_t n = common + 1; n <= order_ && has_word(word(n)); ++n) {
      occurrences_[n - 1] = 0;
      left_words_[n - 1] = 0;
      if (n > 1) ++left_words_[n - 2];
    }
    for (std::size_t n = 1; n <= order_ && has_word(word(n)); ++n) {
      occurrences_[n - 1] += count;
    }
  }

  /// Counts the open n-grams of more than `common` words: no more of them come.
  Status close(std::size_t common) {
    for (std::size_t n = common + 1; n <= order_ && has_word(word(n)); ++n) {
      const bool counts_occurrences = n == order_ || get_word(word(n)) == begin_id_;
      const std::uint64_t count = (counts_occurrences ? occurrences_ : left_words_)[n - 1];
      if (n == 1) {
        adjusted_.unigrams[get_word(word(1))] = count;
        continue;
      }
      count_count(adjusted_.counts_of_counts[n - 1], count);
      char record[kMaxNgramOrder * kWordBytes + sizeof count];
      const std::size_t context_bytes = (n - 1) * kWordBytes;
      std::memcpy(record, word(2), context_bytes);
      std::memcpy(record + context_bytes, word(1), kWordBytes);
      std::memcpy(record + n * kWordBytes, &count, sizeof count);
      ALUDEL_TRY(sorters_[n - 2].add(std::string_view(record, n * kWordBytes + sizeof count)));
    }
    return Ok{};
  }

  std::size_t order_;
  std::uint32_t begin_id_;
  std::vector<exec::RecordSorter> sorters_;  // by order - 2
  AdjustedCounts adjusted_;
  Key open_ = {};
  std::array<std::uint64_t, kMaxNgramOrder> occurrences_ = {};
  std::array<std::uint64_t, kMaxNgramOrder> left_words_ = {};
};

}  // namespace

void put_word(char* bytes, std::uint32_t id) {
  const std::uint32_t value = __builtin_bswap32(id + 1);
  std::memcpy(bytes, &value, sizeof value);
}

std::uint32_t get_word(const char* bytes) {
  std::uint32_t value;
  std::memcpy(&value, bytes, sizeof value);
  return __builtin_bswap32(value) - 1;
}

bool has_word(const char* bytes) {
  std::uint32_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value != 0;
}

NgramCounter::NgramCounter(const exec::SortPlace& place, int order, std::uint32_t begin_id)
    : place_(place), order_(static_cast<std::size_t>(order)), begin_id_(begin_id) {
  ALUDEL_CHECK(order >= 1 && order <= kMaxNgramOrder, "order of n-grams");
  if (order > 1) highest_.emplace_back(place, "ngrams", by_words(order_, exec::EqualKeys::summed));
}

Status NgramCounter::add_sequence(std::span<const std::uint32_t> words) {
  ALUDEL_CHECK(!words.empty() && words[0] == begin_id_, "a sequence begins with its mark");
  for (std::size_t at = 1; at < words.size(); ++at) {
    if (order_ == 1) {
      if (unigrams_.size() <= words[at]) unigrams_.resize(std::size_t{words[at]} + 1);
      ++unigrams_[words[at]];
      continue;
    }
    char record[kMaxNgramOrder * kWordBytes + sizeof(std::uint64_t)] = {};
    for (std::size_t back = 0; back < order_ && back <= at; ++back) {
      put_word(record + back * kWordBytes, words[at - back]);
    }
    constexpr std::uint64_t kOnce = 1;
    std::memcpy(record + order_ * kWordBytes, &kOnce, sizeof kOnce);
    ALUDEL_TRY(highest_[0].add(std::string_view(record, order_ * kWordBytes + sizeof kOnce)));
  }
  return Ok{};
}

Result<AdjustedCounts> NgramCounter::finish(std::uint32_t vocab_size) {
  if (order_ > 1) {
    const auto sorted = ALUDEL_TRY(highest_[0].finish());
    return CountAdjuster(place_, order_, begin_id_, vocab_size).run(*sorted);
  }
  AdjustedCounts adjusted;
  adjusted.unigrams = std::move(unigrams_);
  adjusted.unigrams.resize(vocab_size);
  adjusted.counts_of_counts.resize(1);
  for (const std::uint64_t count : adjusted.unigrams) {
    count_count(adjusted.counts_of_counts[0], count);
  }
  return adjusted;
}

}  // namespace aludel::text
