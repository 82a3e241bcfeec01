// NgramModel::look_up and score: many look-ups on their way at once.
#include <algorithm>
#include <numeric>

#include "aludel/text/ngram_lm/ngram_model.h"

namespace aludel::text {
namespace {

constexpr std::size_t kBlock = 48;  // n-grams that are asked for together: their lines fit into L1
constexpr std::size_t kHistory = kMaxNgramOrder - 1;

/// What is known of a unit's place in the text.
struct ScoredUnit {
  std::uint64_t unit = kNoUnit;
  std::uint64_t key = kNoUnit;  // of the longest n-gram asked for
  std::size_t matched = 0;      // units of the longest n-gram found, which ends here
  float probability = 0;
  std::array<float, kHistory> backoffs = {};  // of the last unit, of the last two, …
};

/// Units of a block, with those before it in front: block[-1] is the last of them.
using Block = ScoredUnit*;

/// Looks the n-grams of order n up whose shorter n-grams are known.
template <class Entry>
void match_order(const NgramTable<Entry>& table, std::size_t n, std::uint64_t begin_unit,
                 Block block, std::size_t count) {
  std::array<ScoredUnit*, kBlock> asked;
  std::size_t asking = 0;
  for (std::size_t i = 0; i < count; ++i) {
    ScoredUnit* own = block + i;
    if (own->matched != n - 1 || (own - 1)->matched < n - 1 || own->unit == begin_unit) continue;
    own->key = extend_left(own->key, (own - (n - 1))->unit);
    table.prefetch(own->key);
    asked[asking++] = own;
  }
  for (std::size_t i = 0; i < asking; ++i) {  // their tables' lines are on the way
    ScoredUnit* own = asked[i];
    NgramValues values;
    if (!table.find(own->key, values)) continue;
    own->matched = n;
    own->probability = values.probability;
    if (n <= kHistory) own->backoffs[n - 1] = values.backoff;
  }
}

/// Adds up a block's probabilities: contexts that do not know a unit back off.
void add_block(std::size_t order, std::uint64_t begin_unit, const ScoredUnit* block,
               std::size_t count, NgramScore& score) {
  for (std::size_t i = 0; i < count; ++i) {
    const ScoredUnit& own = block[i];
    if (own.unit == begin_unit) continue;
    const ScoredUnit& before = *(block + i - 1);
    double log10 = static_cast<double>(own.probability);
    const std::size_t most = std::min(before.matched, order - 1);
    for (std::size_t length = own.matched; length <= most; ++length) {
      log10 += static_cast<double>(before.backoffs[length - 1]);
    }
    score.log10 += log10;
    ++score.units;
  }
}

}  // namespace

template <class Entry>
NgramScore NgramModel::score_in(const Tables<Entry>& tables, std::span<const KnownUnit> known,
                                std::span<const std::uint32_t> order) const {
  std::array<ScoredUnit, kHistory + kBlock> scored;
  const Block block = scored.data() + kHistory;
  NgramScore score;
  for (std::size_t begin = 0; begin < order.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, order.size() - begin);
    for (std::size_t i = 0; i < count; ++i) {
      const KnownUnit& unit = known[order[begin + i]];
      ScoredUnit& own = block[i];
      if (unit.unit == footer_.unknown) ++score.unknown;
      own.unit = unit.unit;
      own.matched = 1;
      own.key = unit.unit;
      own.probability = unit.values.probability;
      own.backoffs[0] = unit.values.backoff;
    }
    for (std::size_t n = 2; n <= footer_.order; ++n) {
      match_order(tables[n - 1], n, footer_.begin, block, count);
    }
    add_block(footer_.order, footer_.begin, block, count, score);
    std::copy(block + count - kHistory, block + count, scored.data());
  }
  return score;
}

NgramScore NgramModel::score(std::span<const KnownUnit> known,
                             std::span<const std::uint32_t> order) const {
  return precision() == NgramPrecision::exact ? score_in(exact_, known, order)
                                              : score_in(packed_, known, order);
}

NgramScore NgramModel::score(std::span<const std::uint64_t> units) const {
  std::vector<std::uint32_t> order(units.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  return score(look_up(units), order);
}

std::vector<KnownUnit> NgramModel::look_up(std::span<const std::uint64_t> units) const {
  std::vector<KnownUnit> known(units.size());
  for (std::size_t begin = 0; begin < units.size(); begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, units.size());
    for (std::size_t i = begin; i < end; ++i) {
      unigrams_.prefetch(units[i]);
    }
    for (std::size_t i = begin; i < end; ++i) {
      known[i] = {units[i], unknown_};
      if (!unigrams_.find(units[i], known[i].values)) known[i].unit = footer_.unknown;
    }
  }
  return known;
}

}  // namespace aludel::text
