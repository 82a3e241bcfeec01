#include "aludel/text/ngram_lm/kneser_ney.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

namespace aludel::text {
namespace {

constexpr double kLog10OfNothing = -99;  // as ARPA files write it
constexpr Discounts kFallback = {0.5, 1.0, 1.5};

double discount_of(std::uint64_t count, const Discounts& discounts) {
  return count == 0 ? 0 : discounts[std::min<std::uint64_t>(count, 3) - 1];
}

float as_log10(double probability) {
  return static_cast<float>(probability > 0 ? std::log10(probability) : kLog10OfNothing);
}

/// What the n-grams that share a context add up to.
struct ContextSums {
  std::uint64_t total = 0;
  std::array<std::uint64_t, 3> with_count = {};  // n-grams of count 1, 2, 3 or more

  void add(std::uint64_t count) {
    if (count == 0) return;
    total += count;
    ++with_count[std::min<std::uint64_t>(count, 3) - 1];
  }

  /// The share that the context leaves to the order below; 1 for a context without n-grams.
  double left_over(const Discounts& discounts) const {
    if (total == 0) return 1;
    double sum = 0;
    for (std::size_t k = 0; k < with_count.size(); ++k) {
      sum += discounts[k] * static_cast<double>(with_count[k]);
    }
    return sum / static_cast<double>(total);
  }
};

/// The own share of an n-gram's probability, and the weight of the order below.
struct Share {
  double own;
  double left_over;
};

/// One order's n-grams in two orders: by context as counted, then by their words from the last to
/// the first, as the estimate of all orders is put together.
class OrderShares {
 public:
  OrderShares(std::size_t order, const exec::SortPlace& place)
      : order_(order),
        shares_(place, fmt::format("suffix-{}", order),
                {order * kWordBytes + sizeof(Share), order * kWordBytes}) {
    if (order > 2) {
      const std::size_t context_bytes = (order - 1) * kWordBytes;
      backoffs_.emplace_back(place, fmt::format("backoff-{}", order),
                             exec::RecordOrder{context_bytes + sizeof(float), context_bytes});
    }
  }

  /// Reads n-grams by context. The backoffs of contexts of one word go to `unigram_backoffs`.
  Status read(exec::SortedRecords& by_context, const Discounts& discounts,
              std::vector<float>& unigram_backoffs) {
    const std::size_t context_bytes = (order_ - 1) * kWordBytes;
    std::vector<char> context;
    std::string_view bytes;
    while (ALUDEL_TRY(by_context.next(bytes))) {
      const char* record = bytes.data();
      if (context.empty() || std::memcmp(context.data(), record, context_bytes) != 0) {
        ALUDEL_TRY(close_context(context, discounts, unigram_backoffs));
        context.assign(record, record + context_bytes);
      }
      Follower follower;
      std::memcpy(follower.word, record + context_bytes, kWordBytes);
      std::memcpy(&follower.count, record + order_ * kWordBytes, sizeof follower.count);
      followers_.push_back(follower);
    }
    return close_context(context, discounts, unigram_backoffs);
  }

  Result<std::unique_ptr<exec::SortedRecords>> shares() { return shares_.finish(); }

  /// Contexts by their words from the last to the first, and their backoffs; order > 2.
  Result<std::unique_ptr<exec::SortedRecords>> backoffs() { return backoffs_[0].finish(); }

 private:
  struct Follower {
    char word[kWordBytes];
    std::uint64_t count;
  };

  Status close_context(const std::vector<char>& context, const Discounts& discounts,
                       std::vector<float>& unigram_backoffs) {
    if (followers_.empty()) return Ok{};
    ContextSums sums;
    for (const Follower& follower : followers_) {
      sums.add(follower.count);
    }
    const double left_over = sums.left_over(discounts);
    char record[kMaxNgramOrder * kWordBytes + sizeof(Share)];
    std::memcpy(record, context.data(), context.size());
    const float backoff = as_log10(left_over);
    if (backoffs_.empty()) {
      unigram_backoffs[get_word(context.data())] = backoff;
    } else {
      std::memcpy(record + context.size(), &backoff, sizeof backoff);
      ALUDEL_TRY(backoffs_[0].add(std::string_view(record, context.size() + sizeof backoff)));
    }
    std::memcpy(record + kWordBytes, context.data(), context.size());
    for (const Follower& follower : followers_) {
      std::memcpy(record, follower.word, kWordBytes);
      const double seen =
          static_cast<double>(follower.count) - discount_of(follower.count, discounts);
      const Share share = {seen / static_cast<double>(sums.total), left_over};
      std::memcpy(record + order_ * kWordBytes, &share, sizeof share);
      ALUDEL_TRY(shares_.add(std::string_view(record, order_ * kWordBytes + sizeof share)));
    }
    followers_.clear();
    return Ok{};
  }

  std::size_t order_;
  exec::RecordSorter shares_;
  std::vector<exec::RecordSorter> backoffs_;  // one, unless the contexts are single words
  std::vector<Follower> followers_;           // of the open context
};

/// Sorted records and the one that comes next; null at their end.
struct Head {
  std::unique_ptr<exec::SortedRecords> records;
  const char* record = nullptr;

  Status advance() {
    std::string_view next;
    record = ALUDEL_TRY(records->next(next)) ? next.data() : nullptr;
    return Ok{};
  }

  bool starts_with(const char* key, std::size_t bytes) const {
    return record != nullptr && std::memcmp(record, key, bytes) == 0;
  }
};

/// Walks all orders at once, each n-gram before those that have one more word to the left.
class Interpolation {
 public:
  Interpolation(std::size_t order, NgramSink& sink) : order_(order), sink_(sink) {}

  Status add_order(OrderShares& shares, std::size_t order) {
    shares_[order - 1].records = ALUDEL_TRY(shares.shares());
    ALUDEL_TRY(shares_[order - 1].advance());
    if (order == 2) return Ok{};
    backoffs_[order - 2].records = ALUDEL_TRY(shares.backoffs());
    return backoffs_[order - 2].advance();
  }

  Status visit_unigram(std::uint32_t id, double probability, float backoff) {
    put_word(key_.data(), id);
    ids_[0] = id;
    ALUDEL_TRY(sink_.add(std::span(ids_).first(1), as_log10(probability), backoff));
    return visit_longer(1, probability);
  }

 private:
  /// Those with one word more than the open n-gram of `length` words.
  Status visit_longer(std::size_t length, double probability) {
    if (length == order_) return Ok{};
    Head& head = shares_[length];
    while (head.starts_with(key_.data(), length * kWordBytes)) {
      const std::size_t key_bytes = (length + 1) * kWordBytes;
      std::memcpy(key_.data(), head.record, key_bytes);
      ids_[length] = get_word(head.record + length * kWordBytes);
      Share share;
      std::memcpy(&share, head.record + key_bytes, sizeof share);
      const double longer = share.own + share.left_over * probability;
      const float backoff = ALUDEL_TRY(take_backoff(length + 1));
      ALUDEL_TRY(sink_.add(std::span(ids_).first(length + 1), as_log10(longer), backoff));
      ALUDEL_TRY(head.advance());
      ALUDEL_TRY(visit_longer(length + 1, longer));
    }
    return Ok{};
  }

  /// That of the open n-gram; 0 where it is no context.
  Result<float> take_backoff(std::size_t length) {
    float backoff = 0;
    Head& head = backoffs_[length - 1];
    if (!head.starts_with(key_.data(), length * kWordBytes)) return backoff;
    std::memcpy(&backoff, head.record + length * kWordBytes, sizeof backoff);
    ALUDEL_TRY(head.advance());
    return backoff;
  }

  std::size_t order_;
  NgramSink& sink_;
  std::array<char, kMaxNgramOrder* kWordBytes> key_ = {};
  std::array<std::uint32_t, kMaxNgramOrder> ids_ = {};
  std::array<Head, kMaxNgramOrder> shares_;    // by order - 1, from 2
  std::array<Head, kMaxNgramOrder> backoffs_;  // by order - 1, from 2, below the highest
};

std::vector<double> unigram_probabilities(const AdjustedCounts& counts, std::uint32_t begin_id) {
  const Discounts discounts = kneser_ney_discounts(counts.counts_of_counts[0]);
  ContextSums sums;
  for (const std::uint64_t count : counts.unigrams) {
    sums.add(count);
  }
  // Without any text, all words are alike.
  const double uniform =
      sums.left_over(discounts) / static_cast<double>(counts.unigrams.size() - 1);
  const double total = sums.total == 0 ? 1 : static_cast<double>(sums.total);
  std::vector<double> probability;
  for (const std::uint64_t count : counts.unigrams) {
    const double seen = static_cast<double>(count) - discount_of(count, discounts);
    probability.push_back(seen / total + uniform);
  }
  probability[begin_id] = 0;
  return probability;
}

}  // namespace

Discounts kneser_ney_discounts(const CountsOfCounts& t) {
  const auto number = [&t](std::size_t k) { return static_cast<double>(t[k - 1]); };
  if (t[0] == 0) return kFallback;
  const double y = number(1) / (number(1) + 2 * number(2));
  Discounts discounts;
  for (std::size_t k = 1; k <= discounts.size(); ++k) {
    if (t[k - 1] == 0) return kFallback;
    const auto times = static_cast<double>(k);
    discounts[k - 1] = times - (times + 1) * y * number(k + 1) / number(k);
    if (discounts[k - 1] < 0 || discounts[k - 1] > times) return kFallback;
  }
  return discounts;
}

Status estimate_kneser_ney(AdjustedCounts counts, std::uint32_t begin_id,
                           const exec::SortPlace& place, NgramSink& sink) {
  const std::size_t order = counts.counts_of_counts.size();
  const std::vector<double> unigrams = unigram_probabilities(counts, begin_id);
  std::vector<float> unigram_backoffs(unigrams.size(), 0.0F);
  Interpolation interpolation(order, sink);
  for (std::size_t n = 2; n <= order; ++n) {
    OrderShares shares(n, place);
    auto by_context = std::move(counts.by_context[n - 2]);  // its memory is free after its turn
    ALUDEL_TRY(shares.read(*by_context, kneser_ney_discounts(counts.counts_of_counts[n - 1]),
                           unigram_backoffs));
    by_context.reset();
    ALUDEL_TRY(interpolation.add_order(shares, n));
  }
  for (std::uint32_t id = 0; id < unigrams.size(); ++id) {
    ALUDEL_TRY(interpolation.visit_unigram(id, unigrams[id], unigram_backoffs[id]));
  }
  return Ok{};
}

}  // namespace aludel::text
