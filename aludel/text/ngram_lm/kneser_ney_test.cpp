#include "aludel/text/ngram_lm/kneser_ney.h"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/text/ngram_lm/ngram_model.h"
#include "aludel/text/ngram_lm/string_writer.h"

namespace aludel::text {
namespace {

using Words = std::vector<std::uint32_t>;

constexpr std::uint32_t kMark = 0;  // begins every sequence of these tests

std::string model_bytes(const Words& words, std::uint32_t vocab_size, int order, int thread_count,
                        NgramPrecision precision = NgramPrecision::exact) {
  Threads threads(thread_count);
  const exec::SortPlace place = {nullptr, "", std::size_t{1} << 30, &threads};
  NgramCounter counter(place, order, kMark);
  for (std::size_t begin = 0; begin < words.size();) {
    std::size_t end = begin + 1;
    while (end < words.size() && words[end] != kMark) {
      ++end;
    }
    EXPECT_TRUE(counter.add_sequence(std::span(words).subspan(begin, end - begin)));
    begin = end;
  }
  std::vector<std::uint64_t> units;
  for (std::uint32_t id = 0; id < vocab_size; ++id) {
    units.push_back(unit_of_id(id));
  }
  NgramTableWriter writer(place, order, precision, units);
  EXPECT_TRUE(estimate_kneser_ney(counter.finish(vocab_size).value(), kMark, place, writer));
  StringWriter bytes;
  EXPECT_TRUE(writer.finish({.begin = units[kMark]}, bytes));
  return bytes.take();
}

NgramModel train_model(const Words& words, std::uint32_t vocab_size, int order,
                       NgramPrecision precision = NgramPrecision::exact) {
  auto model =
      NgramModel::from_bytes(io::MappedFile(model_bytes(words, vocab_size, order, 1, precision)));
  EXPECT_TRUE(model) << (model ? "" : model.error().message);
  return std::move(model).value();
}

std::vector<std::uint64_t> units_of(const Words& words) {
  std::vector<std::uint64_t> units;
  for (const std::uint32_t word : words) {
    units.push_back(unit_of_id(word));
  }
  return units;
}

double probability(const NgramModel& model, const Words& history, std::uint32_t word) {
  NgramState state = model.empty_state();
  for (const std::uint32_t past : history) {
    if (past == kMark) {
      state = model.begin_state();
    } else {
      model.log10_probability(state, unit_of_id(past));
    }
  }
  return std::pow(10.0, model.log10_probability(state, unit_of_id(word)));
}

/// Chen & Goodman's formulas as they read, over maps.
class SlowKneserNey {
 public:
  SlowKneserNey(const Words& words, std::uint32_t vocab_size, int order)
      : vocab_size_(vocab_size), counts_(static_cast<std::size_t>(order) + 1) {
    std::map<Words, std::set<std::uint32_t>> left;
    for (std::size_t end = 0; end < words.size(); ++end) {
      Words ngram;
      for (std::size_t n = 1; n <= static_cast<std::size_t>(order); ++n) {
        ngram.insert(ngram.begin(), words[end + 1 - n]);
        const bool starts = ngram[0] == kMark;
        if (n == static_cast<std::size_t>(order) || starts) {
          ++counts_[n][ngram];
        } else {
          left[ngram].insert(words[end - n]);
        }
        if (starts) break;
      }
    }
    for (const auto& [ngram, words_to_the_left] : left) {
      counts_[ngram.size()][ngram] = words_to_the_left.size();
    }
    counts_[1].erase(Words{kMark});
  }

  double probability(const Words& history, std::uint32_t word) const {
    if (history.size() + 1 >= counts_.size()) {
      return probability(
          Words(history.end() - static_cast<std::ptrdiff_t>(counts_.size()) + 2, history.end()),
          word, history.size() + 1);
    }
    return probability(history, word, history.size() + 1);
  }

 private:
  double probability(const Words& history, std::uint32_t word, std::size_t) const {
    const std::size_t n = history.size() + 1;
    const Discounts discounts = discounts_of(n);
    double total = 0;
    double left_over = 0;
    double own = 0;
    for (const auto& [ngram, count] : counts_[n]) {
      if (!std::equal(history.begin(), history.end(), ngram.begin())) continue;
      const double discount = discounts[std::min<std::uint64_t>(count, 3) - 1];
      total += static_cast<double>(count);
      left_over += discount;
      if (ngram.back() == word) own = static_cast<double>(count) - discount;
    }
    const double below = history.empty()
                             ? 1.0 / (vocab_size_ - 1)
                             : probability(Words(history.begin() + 1, history.end()), word, 0);
    return total == 0 ? below : own / total + left_over / total * below;
  }

  Discounts discounts_of(std::size_t n) const {
    std::array<std::uint64_t, 4> t = {};
    for (const auto& [ngram, count] : counts_[n]) {
      if (count <= 4) ++t[count - 1];
    }
    return kneser_ney_discounts(t);
  }

  std::uint32_t vocab_size_;
  std::vector<std::map<Words, std::uint64_t>> counts_;  // by order
};

Words random_sequences(std::uint64_t seed, std::uint64_t vocab_size) {
  Rng rng(11, seed);
  Words words;
  for (int i = 0; i < 40; ++i) {
    words.push_back(kMark);
    for (std::uint64_t n = rng.below(12); n > 0; --n) {  // small ids are more frequent
      words.push_back(1 + static_cast<std::uint32_t>(rng.below(1 + rng.below(vocab_size - 1))));
    }
  }
  return words;
}

TEST(KneserNey, ComputesTheDiscountsOfThePaper) {
  const Discounts discounts = kneser_ney_discounts({4, 2, 1, 1});
  EXPECT_DOUBLE_EQ(discounts[0], 0.5);
  EXPECT_DOUBLE_EQ(discounts[1], 1.25);
  EXPECT_DOUBLE_EQ(discounts[2], 1.0);
  EXPECT_EQ(kneser_ney_discounts({0, 0, 0, 0}), (Discounts{0.5, 1, 1.5}));
  EXPECT_EQ(kneser_ney_discounts({3, 0, 1, 1}), (Discounts{0.5, 1, 1.5}));
  EXPECT_EQ(kneser_ney_discounts({1, 1, 50, 1}), (Discounts{0.5, 1, 1.5}));  // D2 below 0
}

TEST(KneserNey, GivesTheProbabilitiesComputedByHand) {
  // "a b end" and "a a end" with a = 1, b = 2, end = 3; the discounts are 0.5, 1, 1.5.
  const NgramModel model = train_model({0, 1, 2, 3, 0, 1, 1, 3}, 4, 2);
  const double third = 1.0 / 3;
  EXPECT_NEAR(probability(model, {}, 1), 0.2 + 0.5 * third, 1e-6);  // continuation counts 2, 1, 2
  EXPECT_NEAR(probability(model, {}, 2), 0.1 + 0.5 * third, 1e-6);
  EXPECT_NEAR(probability(model, {1}, 2), 0.3, 1e-6);
  EXPECT_NEAR(probability(model, {1}, 1), 0.35, 1e-6);
  EXPECT_NEAR(probability(model, {1}, 3), 0.35, 1e-6);
  EXPECT_NEAR(probability(model, {0}, 1), 0.5 + 0.5 * (0.2 + 0.5 * third), 1e-6);
  EXPECT_NEAR(probability(model, {0}, 2), 0.5 * (0.1 + 0.5 * third), 1e-6);
  EXPECT_NEAR(probability(model, {2}, 3), 0.5 + 0.5 * (0.2 + 0.5 * third), 1e-6);
  const NgramScore score = model.score(units_of({kMark, 1, 2, 3}));
  EXPECT_NEAR(
      score.log10,
      std::log10((0.5 + 0.5 * (0.2 + 0.5 * third)) * 0.3 * (0.5 + 0.5 * (0.2 + 0.5 * third))),
      1e-6);
  EXPECT_EQ(score.units, 3U);
}

TEST(KneserNey, AgreesWithTheSlowReferenceInEveryOrder) {
  for (int order = 1; order <= 5; ++order) {
    const Words words = random_sequences(static_cast<std::uint64_t>(order), 8);
    const NgramModel model = train_model(words, 8, order);
    const SlowKneserNey slow(words, 8, order);
    Words history;
    for (const std::uint32_t word : random_sequences(99, 8)) {
      if (word == kMark) {
        history = {kMark};
        continue;
      }
      const double expected = slow.probability(history, word);
      EXPECT_NEAR(probability(model, history, word) / expected, 1, 1e-5) << "order " << order;
      history.push_back(word);
    }
  }
}

TEST(KneserNey, SumsToOneAfterEveryHistory) {
  const Words words = random_sequences(5, 12);
  for (int order = 1; order <= 5; ++order) {
    const NgramModel model = train_model(words, 14, order);  // ids 12 and 13 never occur
    Rng rng(3, 3);
    for (int i = 0; i < 50; ++i) {
      Words history = {kMark};
      for (std::uint64_t n = rng.below(6); n > 0; --n) {
        history.push_back(1 + static_cast<std::uint32_t>(rng.below(13)));
      }
      if (rng.below(3) == 0) history.erase(history.begin());
      double sum = 0;
      for (std::uint32_t word = 1; word < 14; ++word) {
        const double p = probability(model, history, word);
        EXPECT_GT(p, 0);
        sum += p;
      }
      EXPECT_NEAR(sum, 1, 1e-5);
    }
  }
}

TEST(KneserNey, GivesTheSameBytesForAnyNumberOfThreads) {
  const Words words = random_sequences(21, 30);
  EXPECT_EQ(model_bytes(words, 30, 4, 1), model_bytes(words, 30, 4, 7));
}

TEST(KneserNey, LearnsFromNothing) {
  const NgramModel model = train_model({}, 5, 3);
  EXPECT_NEAR(probability(model, {}, 2), 0.25, 1e-6);
  EXPECT_NEAR(probability(model, {kMark, 1}, 2), 0.25, 1e-6);
}

}  // namespace
}  // namespace aludel::text
