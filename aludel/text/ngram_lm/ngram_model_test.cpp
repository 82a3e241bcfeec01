#include "aludel/text/ngram_lm/ngram_model.h"

#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "aludel/base/hash.h"
#include "aludel/base/rng.h"
#include "aludel/text/ngram_lm/ngram_table_writer.h"
#include "aludel/text/ngram_lm/string_writer.h"

namespace aludel::text {
namespace {

constexpr std::uint32_t kVocabulary = 60;
constexpr std::uint32_t kBegin = 0;
constexpr std::uint32_t kUnknown = 1;

/// A model of order 5 with random numbers in it: every n-gram's shorter ending and its context are
/// in it, too.
std::string random_model(std::uint64_t seed, NgramPrecision precision) {
  Threads threads(1);
  std::vector<std::uint64_t> units;
  for (std::uint32_t id = 0; id < kVocabulary; ++id) {
    units.push_back(unit_of_id(id));
  }
  NgramTableWriter writer({nullptr, "", std::size_t{1} << 30, &threads}, 5, precision, units);
  Rng random(8, seed);
  std::vector<std::vector<std::uint32_t>> level;
  for (std::uint32_t id = 0; id < kVocabulary; ++id) {
    level.push_back({id});
  }
  for (std::size_t n = 1; n <= 5; ++n) {
    for (const auto& ids : level) {
      const auto number = [&random] { return static_cast<float>(-4 * random.uniform()); };
      EXPECT_TRUE(writer.add(ids, number(), n < 5 ? number() : 0));
    }
    std::vector<std::vector<std::uint32_t>> longer;
    for (const auto& ids : level) {
      for (const auto& context : level) {
        const bool fits = std::equal(ids.begin() + 1, ids.end(), context.begin());
        if (!fits || random.below(n == 1 ? 4 : n == 2 ? 6 : 2) != 0 || ids.back() == kBegin)
          continue;
        longer.push_back(ids);
        longer.back().push_back(context.back());
      }
    }
    level = std::move(longer);
  }
  StringWriter bytes;
  const NgramMarks marks = {
      .units = NgramUnits::ids, .begin = units[kBegin], .end = kNoUnit, .unknown = units[kUnknown]};
  EXPECT_TRUE(writer.finish(marks, bytes));
  return bytes.take();
}

NgramModel model_of(std::string bytes) {
  auto model = NgramModel::from_bytes(io::MappedFile(std::move(bytes)));
  EXPECT_TRUE(model) << (model ? "" : model.error().message);
  return std::move(model).value();
}

/// Sequences with marks and, now and then, a unit that no model has.
std::vector<std::uint64_t> random_units(std::uint64_t seed, int count) {
  Rng random(9, seed);
  std::vector<std::uint64_t> units;
  for (int i = 0; i < count; ++i) {
    const auto id = static_cast<std::uint32_t>(random.below(kVocabulary + 2));
    units.push_back(random.below(15) == 0 ? unit_of_id(kBegin) : unit_of_id(id));
  }
  return units;
}

NgramScore score_one_by_one(const NgramModel& model, std::span<const std::uint64_t> units) {
  NgramScore score;
  NgramState state = model.empty_state();
  for (const std::uint64_t unit : units) {
    if (unit == model.begin_unit()) {
      state = model.begin_state();
      continue;
    }
    score.log10 += model.log10_probability(state, unit);
    ++score.units;
    if (!model.has_unit(unit) || unit == model.unknown_unit()) ++score.unknown;
  }
  return score;
}

TEST(NgramModel, ScoresManyAsItScoresOneByOne) {
  for (const NgramPrecision precision : {NgramPrecision::exact, NgramPrecision::packed}) {
    const NgramModel model = model_of(random_model(1, precision));
    EXPECT_GT(model.ngram_count(5), 100U);
    for (const int count : {0, 1, 2, 47, 48, 49, 128, 500, 3000}) {
      const auto units = random_units(static_cast<std::uint64_t>(count), count);
      const NgramScore many = model.score(units);
      const NgramScore one_by_one = score_one_by_one(model, units);
      EXPECT_EQ(many.log10, one_by_one.log10) << count;
      EXPECT_EQ(many.units, one_by_one.units);
      EXPECT_EQ(many.unknown, one_by_one.unknown);
    }
  }
}

TEST(NgramModel, ScoresAnyOrderOfWhatItLookedUp) {
  for (const NgramPrecision precision : {NgramPrecision::exact, NgramPrecision::packed}) {
    const NgramModel model = model_of(random_model(1, precision));
    const auto units = random_units(6, 200);
    const std::vector<KnownUnit> known = model.look_up(units);
    Rng random(10, 6);
    std::vector<std::uint32_t> order;
    std::vector<std::uint64_t> ordered;
    for (int i = 0; i < 1000; ++i) {
      order.push_back(static_cast<std::uint32_t>(random.below(units.size())));
      ordered.push_back(units[order.back()]);
    }
    const NgramScore score = model.score(known, order);
    const NgramScore one_by_one = score_one_by_one(model, ordered);
    EXPECT_EQ(score.log10, one_by_one.log10);
    EXPECT_EQ(score.units, one_by_one.units);
    EXPECT_EQ(score.unknown, one_by_one.unknown);
  }
}

TEST(NgramModel, RoundsByNoMoreThanItSays) {
  const NgramModel exact = model_of(random_model(2, NgramPrecision::exact));
  const NgramModel packed = model_of(random_model(2, NgramPrecision::packed));
  EXPECT_LT(packed.bytes().size(), exact.bytes().size() * 6 / 10);
  EXPECT_EQ(exact.largest_rounding(), 0);
  EXPECT_GT(packed.largest_rounding(), 1e-4);
  EXPECT_LT(packed.largest_rounding(), 1e-3);
  NgramState exact_state;
  NgramState packed_state;
  double largest = 0;
  for (const std::uint64_t unit : random_units(5, 4000)) {
    const double difference =
        exact.log10_probability(exact_state, unit) - packed.log10_probability(packed_state, unit);
    largest = std::max(largest, std::abs(difference));
  }
  EXPECT_LE(largest, packed.largest_rounding() + 1e-6);
  EXPECT_GT(largest, packed.largest_rounding() / 100);
}

TEST(NgramModel, RefusesEveryCutAndEveryChangedByte) {
  const std::string whole = random_model(3, NgramPrecision::packed);
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    EXPECT_FALSE(NgramModel::from_bytes(io::MappedFile(whole.substr(0, size))));
  }
  EXPECT_FALSE(NgramModel::from_bytes(io::MappedFile(whole + "more")));
  for (std::size_t at = 0; at < whole.size(); at += 61) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    EXPECT_FALSE(NgramModel::from_bytes(io::MappedFile(changed))) << at;
  }
}

/// The file with a changed footer and a digest that fits it.
std::string with_footer(const std::string& whole, const NgramFooter& footer) {
  std::string bytes = whole.substr(0, whole.size() - kNgramDigestBytes - sizeof footer);
  bytes.append(reinterpret_cast<const char*>(&footer), sizeof footer);
  const Hash128 digest = hash128(bytes);
  bytes.append(reinterpret_cast<const char*>(&digest.high), sizeof digest.high);
  bytes.append(reinterpret_cast<const char*>(&digest.low), sizeof digest.low);
  return bytes;
}

TEST(NgramModel, RefusesFootersThatLie) {
  const std::string whole = random_model(4, NgramPrecision::packed);
  NgramFooter footer;
  std::memcpy(&footer, whole.data() + whole.size() - kNgramDigestBytes - sizeof footer,
              sizeof footer);
  EXPECT_TRUE(NgramModel::from_bytes(io::MappedFile(with_footer(whole, footer))));
  const auto code_with = [&](const auto& change) {
    NgramFooter lie = footer;
    change(lie);
    const auto model = NgramModel::from_bytes(io::MappedFile(with_footer(whole, lie)));
    return model ? Code::cancelled : model.error().code;
  };
  EXPECT_EQ(code_with([](NgramFooter& f) { f.version = 1; }), Code::unsupported);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.order = 0; }), Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.order = 6; }), Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.order = 99; }), Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.precision = 0; }), Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.begin = 12345; }), Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.unknown = 12345; }), Code::corrupt_data);
  // A begin mark is never predicted: one that stands for unknown units, too, would hide them.
  EXPECT_EQ(code_with([](NgramFooter& f) { f.unknown = f.begin; }), Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.end = f.begin; }), Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.tables[1].slots = ~std::uint64_t{0}; }),
            Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { --f.tables[4].slots; }), Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.tables[2].places = f.tables[2].slots + 1; }),
            Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.tables[2].places = 0; }), Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.tables[3].backoff.step = -1; }), Code::corrupt_data);
  EXPECT_EQ(code_with([](NgramFooter& f) { f.tables[3].probability.low = NAN; }),
            Code::corrupt_data);
}

}  // namespace
}  // namespace aludel::text
