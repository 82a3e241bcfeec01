#include "aludel/infer/score.h"

#include <cmath>
#include <limits>

#include "tests/scripted_model.h"
#include <gtest/gtest.h>

#include "aludel/infer/sampler.h"

namespace aludel::infer {
namespace {

/// The loss of a token that ScriptedModel expected, and of any other.
double loss(bool expected) {
  std::vector<float> logits(kWordId + 1, 0.0F);
  logits[5] = 10.0F;
  return log_sum_exp(logits) - (expected ? 10.0 : 0.0);
}

/// Expects 'a' whatever the text.
ScriptedModel expecting_a(std::int64_t context) {
  return ScriptedModel([](std::span<const std::int32_t>) { return kFirstByteId + 'a'; }, context);
}

const auto kGoOn = [](std::int64_t) { return true; };

TEST(ScoreText, AddsTheLossOfEveryTokenOnce) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  const PromptEncoder prompts(tokenizer, std::nullopt, std::nullopt);
  for (const std::int64_t window : {0, 2, 3, 16, 100}) {
    ScriptedModel model = expecting_a(512);
    std::string text(60, 'a');
    text += "b" + std::string(40, 'a');
    const auto score = score_text(model, prompts, text, window, kGoOn);
    ASSERT_TRUE(score);
    EXPECT_EQ(score.value().tokens, 101);
    EXPECT_EQ(score.value().scored_tokens, 100);  // nothing stands before the first
    EXPECT_NEAR(score.value().negative_log_likelihood, 99 * loss(true) + loss(false), 1e-6);
  }
}

TEST(ScoreText, ScoresTheFirstTokenBehindABeginId) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  const PromptEncoder prompts(tokenizer, 1, std::nullopt);
  ScriptedModel model = expecting_a(512);
  const auto score = score_text(model, prompts, "aaaa", 0, kGoOn);
  ASSERT_TRUE(score);
  EXPECT_EQ(score.value().tokens, 4);
  EXPECT_EQ(score.value().scored_tokens, 4);
  EXPECT_NEAR(score.value().perplexity(), std::exp(loss(true)), 1e-9);
  EXPECT_NEAR(score.value().bits_per_byte(), loss(true) / std::log(2.0), 1e-9);
}

TEST(ScoreText, GivesEachTokenHalfAWindowOfContext) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  const PromptEncoder prompts(tokenizer, std::nullopt, std::nullopt);
  std::size_t least = 1000;
  ScriptedModel model(
      [&](std::span<const std::int32_t> text) {
        if (text.back() != kFirstByteId + 'x') least = std::min(least, text.size());
        return kFirstByteId + 'a';
      },
      512);
  // The first window is of x; the logits behind any other token must know 8 tokens or more.
  const std::string text = std::string(16, 'x') + std::string(50, 'a');
  ASSERT_TRUE(score_text(model, prompts, text, 16, kGoOn));
  EXPECT_GE(least, 8U);
}

TEST(ScoreText, SaysThatAModelGivesNoNumbers) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  const PromptEncoder prompts(tokenizer, std::nullopt, std::nullopt);
  constexpr auto kLimits = std::numeric_limits<float>();
  for (const float broken : {kLimits.quiet_NaN(), kLimits.infinity(), -kLimits.infinity()}) {
    ScriptedModel model = expecting_a(512);
    model.likeliest_logit = broken;
    const auto score = score_text(model, prompts, "aaaa", 0, kGoOn);
    ASSERT_FALSE(score);
    EXPECT_EQ(score.error().code, Code::corrupt_data);
  }
}

TEST(ScoreText, RefusesAWindowThatItCannotHave) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  const PromptEncoder prompts(tokenizer, std::nullopt, std::nullopt);
  for (const std::int64_t window : {-1, 1, 17}) {
    ScriptedModel model = expecting_a(16);
    const auto score = score_text(model, prompts, "aaaa", window, kGoOn);
    ASSERT_FALSE(score) << window;
    EXPECT_EQ(score.error().code, Code::invalid_argument);
  }
}

TEST(ScoreText, StopsWhenAsked) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  const PromptEncoder prompts(tokenizer, std::nullopt, std::nullopt);
  ScriptedModel model = expecting_a(16);
  const auto stopped =
      score_text(model, prompts, std::string(100, 'a'), 0, [](std::int64_t) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Code::cancelled);
  EXPECT_FALSE(score_text(model, prompts, "", 0, kGoOn));
  EXPECT_FALSE(score_text(model, prompts, "a", 0, kGoOn));
}

}  // namespace
}  // namespace aludel::infer
