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
    counts[sampler.draw(logits, seen, options, i).value()] += 1.0 / kDraws;
  }
  return counts;
}

TEST(Sampler, TakesTheFirstMostLikelyTokenAtTemperatureZero) {
  Sampler sampler;
  const std::vector<float> logits = {1, 5, 2, 5};
  EXPECT_EQ(sampler.draw(logits, {}, {.temperature = 0}, 0).value(), 1);
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
  const SamplingOptions options{.temperature = 0, .repetition_penalty = 1.5};
  EXPECT_EQ(sampler.draw(logits, seen, options, 0).value(), 1);
}

TEST(Sampler, DependsOnSeedAndPositionOnly) {
  const std::vector<float> logits(100, 0.0F);
  Sampler first;
  Sampler second;
  std::set<std::int32_t> ids;
  for (int position = 0; position < 50; ++position) {
    ASSERT_TRUE(second.draw(logits, {}, {.seed = 9}, 1000 - position));  // other draws in between
    const std::int32_t id = first.draw(logits, {}, {.seed = 3}, position).value();
    EXPECT_EQ(id, second.draw(logits, {}, {.seed = 3}, position).value());
    ids.insert(id);
  }
  EXPECT_GT(ids.size(), 20U);
}

TEST(Sampler, RefusesOptionsOutOfRange) {
  EXPECT_TRUE(check_config(SamplingOptions(), "test"));
  EXPECT_FALSE(check_config(SamplingOptions{.temperature = -1}, "test"));
  EXPECT_FALSE(check_config(
      SamplingOptions{.temperature = std::numeric_limits<double>::quiet_NaN()}, "test"));
  EXPECT_FALSE(check_config(SamplingOptions{.top_k = -2}, "test"));
  EXPECT_FALSE(check_config(SamplingOptions{.top_p = 0}, "test"));
  EXPECT_FALSE(check_config(SamplingOptions{.min_p = 2}, "test"));
  EXPECT_FALSE(check_config(SamplingOptions{.repetition_penalty = 0}, "test"));
}

TEST(Sampler, TakesTheLikeliestTokenAtAnyTinyTemperature) {
  Sampler sampler;
  const std::vector<float> logits = {2.9F, 3.0F, -3e38F, 3e38F, 1};
  const std::vector<float> close = {1.0F, 1.0001F, 0.5F};
  for (const double temperature : {1e-5, 1e-38, 1e-44, 1e-46, 1e-60, 5e-324}) {
    for (SamplingOptions options :
         {SamplingOptions{}, SamplingOptions{.top_k = 3}, SamplingOptions{.top_p = 0.9},
          SamplingOptions{.top_p = 1e-300}, SamplingOptions{.min_p = 1},
          SamplingOptions{.repetition_penalty = 1.1}}) {
      options.temperature = temperature;
      EXPECT_EQ(sampler.draw(logits, {}, options, 7).value(), 3) << temperature;
      EXPECT_EQ(sampler.draw(close, {}, options, 7).value(), 1) << temperature;
    }
  }
}

TEST(Sampler, DrawsAPossibleTokenWhateverThePenaltyInRange) {
  Sampler sampler;
  const std::vector<float> logits = {3e38F, -3e38F, 2, 0, -0.0F};
  const std::vector<std::int32_t> seen = {0, 1, 2, 3, 4, 4};
  for (const double penalty : {0.01, 0.5, 1.0, 100.0}) {
    for (const double top_p : {1e-300, 0.5, 1.0}) {
      const SamplingOptions options{.top_p = top_p, .repetition_penalty = penalty};
      EXPECT_TRUE(check_config(options, "test"));
      EXPECT_EQ(sampler.draw(logits, seen, options, 1).value(), 0);
    }
  }
  for (const double penalty : {1e-3, 1e-39, 5e-324, -1.0, 101.0}) {
    EXPECT_FALSE(check_config(SamplingOptions{.repetition_penalty = penalty}, "test")) << penalty;
  }
}

TEST(Sampler, NamesALogitThatIsNoNumber) {
  Sampler sampler;
  constexpr auto kLimits = std::numeric_limits<float>();
  for (const float broken : {kLimits.quiet_NaN(), kLimits.infinity(), -kLimits.infinity()}) {
    const std::vector<float> logits = {0, 1, broken, 2};
    for (const SamplingOptions& options :
         {SamplingOptions{.temperature = 0}, SamplingOptions{}, SamplingOptions{.top_p = 0.9},
          SamplingOptions{.top_k = 1}, SamplingOptions{.min_p = 0.5}}) {
      const auto drawn = sampler.draw(logits, {}, options, 0);
      ASSERT_FALSE(drawn);
      EXPECT_EQ(drawn.error().code, Code::corrupt_data);
      EXPECT_NE(drawn.error().message.find("logit of token 2"), std::string::npos);
    }
  }
}

TEST(TokenChances, AreFiniteWhereTokensAreAllButImpossible) {
  const std::vector<float> logits = {3e38F, -3e38F};
  for (const TokenChance& chance : token_chances(logits, 1, 2)) {
    EXPECT_TRUE(std::isfinite(chance.log_probability));
  }
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
