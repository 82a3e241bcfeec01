#include "aludel/train/adamw.h"

#include <cmath>

#include <gtest/gtest.h>

namespace aludel::train {
namespace {

using tensor::Tensor;

Parameter parameter(std::string name, std::vector<float> values, std::vector<float> gradient,
                    const tensor::Shape& shape) {
  return {std::move(name), Tensor::of(std::span<const float>(values), shape),
          Tensor::of(std::span<const float>(gradient), shape)};
}

TEST(AdamW, DecaysMatricesOnlyAndClipsByTheNormOfAllGradients) {
  Threads threads(1);
  tensor::Device device(threads, Isa::scalar);
  AdamWConfig config;
  config.clip_norm = 1;
  const std::vector<Parameter> parameters = {parameter("w", {1.0F}, {3.0F}, {1, 1}),
                                             parameter("n", {1.0F}, {4.0F}, {1})};
  AdamW optimizer(device, config, parameters);
  EXPECT_NEAR(optimizer.step(0.1), 5.0, 1e-6);
  EXPECT_EQ(optimizer.steps(), 1);
  // The first step of Adam moves by the rate in the gradient's direction; the matrix decays first.
  EXPECT_NEAR(parameters[0].value.data<float>()[0], 1 - 0.1 * 0.1 - 0.1, 1e-6);
  EXPECT_NEAR(parameters[1].value.data<float>()[0], 1 - 0.1, 1e-6);
  EXPECT_NEAR(optimizer.means()[0].data<float>()[0], 0.1 * 3.0 / 5.0, 1e-6);
  EXPECT_NEAR(optimizer.squares()[1].data<float>()[0], 0.05 * std::pow(4.0 / 5.0, 2), 1e-6);
}

TEST(AdamW, GivesTheEmbeddingTableARateOfItsOwn) {
  Threads threads(1);
  tensor::Device device(threads, Isa::scalar);
  AdamWConfig config;
  config.weight_decay = 0;
  config.embedding_rate = 4;
  const std::vector<Parameter> parameters = {
      parameter("model.embed_tokens.weight", {1.0F}, {0.5F}, {1, 1}),
      parameter("lm_head.weight", {1.0F}, {0.5F}, {1, 1})};
  AdamW optimizer(device, config, parameters);
  optimizer.step(0.1);
  EXPECT_NEAR(parameters[0].value.data<float>()[0], 1 - 0.4, 1e-6);
  EXPECT_NEAR(parameters[1].value.data<float>()[0], 1 - 0.1, 1e-6);
}

TEST(AdamW, RefusesRatesOutOfRange) {
  EXPECT_TRUE(check_config(AdamWConfig{}, "adamw").has_value());
  AdamWConfig config;
  config.beta2 = 1;
  EXPECT_EQ(check_config(config, "adamw").error().code, Code::invalid_argument);
  config = AdamWConfig{};
  config.embedding_rate = 0;
  EXPECT_EQ(check_config(config, "adamw").error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace aludel::train
