#include "aludel/infer/sampler.h"

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace aludel::infer {
namespace {

/// Logits whose softmax is `probabilities`.
std::vector<float> logits_of(const std::vector<double>& probabilities) {
  std::vector<float> logits;
  logits.reserve(probabilities.size());
  for (const double p : probabilities) {
    logits.push_back(static_cast<float>(std::log(p)));
  }
  return logits;
}

std::map<std::int32_t, double> frequencies(const std::vector<float>& logits,
                                           const SamplingOptions& options,
                                           const std::vector<std::int32_t>& seen = {}) {
  Sampler sampler;
  std::map<std::int32_t, double> counts;
  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) {
    counts[sampler.draw(logits, seen, options, i)] += 1.0 / kDraws;
  }
  return counts;
}

TEST(Sampler, TakesTheFirstMostLikelyTokenAtTemperatureZero) {
  Sampler sampler;
  const std::vector<float> logits = {1, 5, 2, 5};
  EXPECT_EQ(sampler.draw(logits, {}, {.temperature = 0}, 0), 1);
}

TEST(Sampler, DrawsAsOftenAsTheProbabilitiesSay) {
  auto seen = frequencies(logits_of({0.5, 0.3, 0.2}), {});
  EXPECT_NEAR(seen[0], 0.5, 0.02);
  EXPECT_NEAR(seen[1], 0.3, 0.02);
  EXPECT_NEAR(seen[2], 0.2, 0.02);
}

TEST(Sampler, SharpensWithALowTemperature) {
  auto seen = frequencies(logits_of({0.6, 0.4}), {.temperature = 0.5});
  EXPECT_NEAR(seen[0], 0.36 / (0.36 + 0.16), 0.02);
}

TEST(Sampler, KeepsTheKMostLikely) {
  const auto seen = frequencies(logits_of({0.1, 0.4, 0.2, 0.3}), {.top_k = 2});
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_NEAR(seen.at(1), 0.4 / 0.7, 0.02);
  EXPECT_NEAR(seen.at(3), 0.3 / 0.7, 0.02);
}

TEST(Sampler, KeepsTheSmallestSetOfTheProbabilityAskedFor) {
  const auto seen = frequencies(logits_of({0.1, 0.4, 0.2, 0.3}), {.top_p = 0.65});
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_TRUE(seen.contains(1));
  EXPECT_TRUE(seen.contains(3));
  const auto all_but_one = frequencies(logits_of({0.1, 0.4, 0.2, 0.3}), {.top_p = 0.75});
  EXPECT_EQ(all_but_one.size(), 3U);
}

TEST(Sampler, KeepsANucleusLargerThanItsFirstSort) {
  const std::vector<float> flat(1000, 0.0F);
  const auto seen = frequencies(flat, {.top_p = 0.2});
  EXPECT_EQ(seen.size(), 200U);
  EXPECT_EQ(seen.rbegin()->first, 199);  // among equals, the lower id comes first
}

TEST(Sampler, DropsTokensFarBelowTheMostLikely) {
  const auto seen = frequencies(logits_of({0.6, 0.35, 0.05}), {.min_p = 0.1});
  EXPECT_EQ(seen.size(), 2U);
}

TEST(Sampler, MakesSeenTokensLessLikely) {
  Sampler sampler;
  const std::vector<float> logits = {3, 2.5, -1, -1.2F};
  const std::vector<std::int32_t> seen = {0, 0, 2};
  EXPECT_EQ(sampler.draw(logits, seen, {.temperature = 0, .repetition_penalty = 1.5}, 0), 1);
}

TEST(Sampler, DependsOnSeedAndPositionOnly) {
  const std::vector<float> logits(100, 0.0F);
  Sampler first;
  Sampler second;
  std::set<std::int32_t> ids;
  for (int position = 0; position < 50; ++position) {
    second.draw(logits, {}, {.seed = 9}, 1000 - position);  // other draws in between
    const std::int32_t id = first.draw(logits, {}, {.seed = 3}, position);
    EXPECT_EQ(id, second.draw(logits, {}, {.seed = 3}, position));
    ids.insert(id);
  }
  EXPECT_GT(ids.size(), 20U);
}

TEST(Sampler, RefusesOptionsOutOfRange) {
  EXPECT_TRUE(validate(SamplingOptions()));
  EXPECT_FALSE(validate(SamplingOptions{.temperature = -1}));
  EXPECT_FALSE(validate(SamplingOptions{.temperature = std::numeric_limits<double>::quiet_NaN()}));
  EXPECT_FALSE(validate(SamplingOptions{.top_k = -2}));
  EXPECT_FALSE(validate(SamplingOptions{.top_p = 0}));
  EXPECT_FALSE(validate(SamplingOptions{.min_p = 2}));
  EXPECT_FALSE(validate(SamplingOptions{.repetition_penalty = 0}));
}

TEST(TokenChances, AreLogProbabilitiesOfTheModelItself) {
  const auto chances = token_chances(logits_of({0.1, 0.4, 0.2, 0.3}), 0, 2);
  ASSERT_EQ(chances.size(), 3U);
  EXPECT_NEAR(chances[0].log_probability, std::log(0.1), 1e-5);
  EXPECT_EQ(chances[1].id, 1);
  EXPECT_NEAR(chances[1].log_probability, std::log(0.4), 1e-5);
  EXPECT_EQ(chances[2].id, 3);
}

}  // namespace
}  // namespace aludel::infer
