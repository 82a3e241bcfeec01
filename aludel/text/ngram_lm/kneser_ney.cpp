#include "aludel/text/ngram_lm/kneser_ney.h"

#include <algorithm>
#include <cmath>

#include "aludel/text/ngram_lm/sorted_ngrams.h"

namespace aludel::text {
namespace {

constexpr double kLog10OfNothing = -99;  // as ARPA files write it
constexpr Discounts kFallback = {0.5, 1.0, 1.5};

double discount_of(std::uint64_t count, const Discounts& discounts) {
  return count == 0 ? 0 : discounts[std::min<std::uint64_t>(count, 3) - 1];
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

  /// The share that the context leaves to the order below.
  double left_over(const Discounts& discounts) const {
    double sum = 0;
    for (std::size_t k = 0; k < with_count.size(); ++k) {
      sum += discounts[k] * static_cast<double>(with_count[k]);
    }
    return sum / static_cast<double>(total);
  }
};

Discounts discounts_of(const NgramCounts& counts) {
  std::array<std::uint64_t, 4> t = {};
  for (const std::uint64_t count : counts.count) {
    if (count >= 1 && count <= t.size()) ++t[count - 1];
  }
  return kneser_ney_discounts(t);
}

float as_log10(double probability) {
  return static_cast<float>(probability > 0 ? std::log10(probability) : kLog10OfNothing);
}

NgramLevel make_level(NgramCounts& counts, const std::vector<double>& probability) {
  NgramLevel level;
  level.word = std::move(counts.word);
  level.first_child = std::move(counts.first_child);
  level.probability.reserve(probability.size());
  for (const double p : probability) {
    level.probability.push_back(as_log10(p));
  }
  return level;
}

std::vector<double> unigram_probabilities(const NgramCounts& counts, std::uint32_t begin_id) {
  const Discounts discounts = discounts_of(counts);
  ContextSums sums;
  for (const std::uint64_t count : counts.count) {
    sums.add(count);
  }
  // Without any text, all words are alike.
  const double left_over = sums.total == 0 ? 1 : sums.left_over(discounts);
  const double uniform = left_over / static_cast<double>(counts.size() - 1);
  const double total = sums.total == 0 ? 1 : static_cast<double>(sums.total);
  std::vector<double> probability;
  for (const std::uint64_t count : counts.count) {
    const double seen = static_cast<double>(count) - discount_of(count, discounts);
    probability.push_back(seen / total + uniform);
  }
  probability[begin_id] = 0;
  return probability;
}

}  // namespace

Discounts kneser_ney_discounts(const std::array<std::uint64_t, 4>& t) {
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

std::vector<NgramLevel> estimate_kneser_ney(const NgramCorpus& corpus, int order,
                                            Threads& threads) {
  std::vector<NgramCounts> counts =
      count_ngrams(corpus.words, corpus.vocab_size, corpus.begin_id, order, threads);
  counts[0].count[corpus.begin_id] = 0;  // the begin mark is no word to predict
  std::vector<double> below = unigram_probabilities(counts[0], corpus.begin_id);
  std::vector<NgramLevel> levels = {make_level(counts[0], below)};
  for (std::size_t i = 1; i < counts.size(); ++i) {
    const NgramCounts& own = counts[i];
    const Discounts discounts = discounts_of(own);
    std::vector<ContextSums> sums(counts[i - 1].size());
    for (std::size_t entry = 0; entry < own.size(); ++entry) {
      sums[own.context[entry]].add(own.count[entry]);
    }
    levels.back().backoff.reserve(sums.size());
    std::vector<double> left_over(sums.size(), 1);
    for (std::size_t context = 0; context < sums.size(); ++context) {
      if (sums[context].total > 0) left_over[context] = sums[context].left_over(discounts);
      levels.back().backoff.push_back(as_log10(left_over[context]));
    }
    std::vector<double> probability(own.size());
    for (std::size_t entry = 0; entry < own.size(); ++entry) {
      const std::uint32_t context = own.context[entry];
      const double seen =
          static_cast<double>(own.count[entry]) - discount_of(own.count[entry], discounts);
      probability[entry] = seen / static_cast<double>(sums[context].total) +
                           left_over[context] * below[own.suffix[entry]];
    }
    levels.push_back(make_level(counts[i], probability));
    below = std::move(probability);
  }
  return levels;
}

}  // namespace aludel::text
