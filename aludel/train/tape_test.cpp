#include "aludel/train/tape.h"

#include <algorithm>
#include <cmath>

#include "generated/tensor_ops.h"
#include <gtest/gtest.h>

#include "aludel/tensor/ops/samples.h"
#include "aludel/train/batch.h"
#include "aludel/train/model_tape.h"

namespace aludel::train {
namespace {

using tensor::DType;
using tensor::Tensor;

/// A model of 2 blocks, a grouped key head and a vocabulary of 50.
models::Model small_model() {
  models::ModelConfig config;
  config.vocabulary = 50;
  config.width = 32;
  config.inner_width = 48;
  config.blocks = 2;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_size = 8;
  config.max_positions = 256;
  return models::make_model(config).value();
}

/// Two rows of 96 tokens; the second is two documents.
Batch small_batch() {
  Batch batch;
  batch.rows = 2;
  batch.row_tokens = 96;
  batch.pieces = {96, 40, 56};
  for (const std::int32_t piece : batch.pieces) {
    for (std::int32_t t = 0; t < piece; ++t) {
      batch.positions.push_back(t);
      batch.ids.push_back((piece * 7 + t * t) % 50);
      batch.labels.push_back(t + 1 < piece ? (t * 13 + piece) % 50 : kNoLabel);
    }
  }
  return batch;
}

TEST(Tape, AddsTheGradientsOfAVariableThatIsUsedTwice) {
  Threads threads(1);
  tensor::Device device(threads, choose_isa("").value());
  Tape tape(device);
  const std::vector<float> values{1, 2, 3};
  const Tensor gradient = Tensor::zeros(DType::f32, {3});
  const Variable x = tape.leaf(Tensor::of(std::span<const float>(values), {3}), gradient);
  const std::vector<Variable> twice{x, x};
  const Variable y = tape.apply(tensor::op_add, twice, {}, DType::f32);
  const std::vector<Variable> thrice{y, x};
  const Variable z = tape.apply(tensor::op_add, thrice, {}, DType::f32);
  EXPECT_EQ(tape.value(z).data<float>()[1], 6);
  tape.backward(z, Tensor::of(std::span<const float>(values), {3}));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(gradient.data<float>()[i], 3 * values[i]);
  }
}

TEST(Tape, KeepsNothingOfWhatLeadsToNoGradient) {
  Threads threads(1);
  tensor::Device device(threads, choose_isa("").value());
  Tape tape(device);
  const Tensor large = Tensor::zeros(DType::f32, {1 << 16});
  std::vector<Variable> pair{tape.leaf(large), tape.leaf(large)};
  for (int i = 0; i < 20; ++i) {
    const Variable sum = tape.apply(tensor::op_add, pair, {}, DType::f32);
    if (i > 0) tape.release(pair[0]);
    pair[0] = sum;
  }
  EXPECT_LE(device.buffers().bytes(), 3 * large.bytes());
}

std::vector<float> gradients_with(int thread_count, Precision precision) {
  Threads threads(thread_count);
  tensor::Device device(threads, choose_isa("").value());
  const models::Model description = small_model();
  TrainModel model(device, description, models::initial_weights(description, 3), precision);
  model.loss_and_gradients(small_batch(), 0.01F);
  std::vector<float> all;
  for (const Parameter& parameter : model.parameters()) {
    const auto values = parameter.gradient.span<float>();
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

TEST(TrainModel, GivesTheSameBitsForAnyNumberOfThreads) {
  for (const Precision precision : {Precision::f32, Precision::bf16}) {
    const std::vector<float> one = gradients_with(1, precision);
    EXPECT_TRUE(std::ranges::any_of(one, [](float value) { return value != 0; }));
    EXPECT_EQ(gradients_with(2, precision), one);
    EXPECT_EQ(gradients_with(7, precision), one);
  }
}

TEST(TrainModel, AddsGradientsOfBatchesAndTakesTheSameMemoryAgain) {
  Threads threads(2);
  tensor::Device device(threads, choose_isa("").value());
  const models::Model description = small_model();
  TrainModel model(device, description, models::initial_weights(description, 3), Precision::f32);
  model.loss_and_gradients(small_batch(), 0.01F);
  const Tensor once = model.parameters()[1].gradient.clone();
  model.loss(small_batch());
  model.zero_gradients();
  model.loss_and_gradients(small_batch(), 0.01F);
  const std::size_t bytes = device.buffers().bytes();
  const BatchLoss loss = model.loss_and_gradients(small_batch(), 0.01F);
  EXPECT_EQ(device.buffers().bytes(), bytes);
  EXPECT_EQ(loss.tokens, 2 * 96U - 3);
  EXPECT_NEAR(loss.sum / static_cast<double>(loss.tokens), std::log(50.0), 0.1);
  for (std::size_t i = 0; i < once.elements(); ++i) {
    const float twice = model.parameters()[1].gradient.data<float>()[i];
    EXPECT_FLOAT_EQ(twice, 2 * once.data<float>()[i]);
  }
  model.zero_gradients();
  EXPECT_EQ(model.parameters()[1].gradient.data<float>()[0], 0);
}

TEST(TrainModel, SeesChangedWeightsInBothPrecisions) {
  for (const Precision precision : {Precision::f32, Precision::bf16}) {
    Threads threads(1);
    tensor::Device device(threads, choose_isa("").value());
    const models::Model description = small_model();
    TrainModel model(device, description, models::initial_weights(description, 3), precision);
    const double before = model.loss(small_batch()).sum;
    for (const Parameter& parameter : model.parameters()) {
      if (parameter.name == "lm_head.weight") parameter.value.fill_zero();
    }
    model.weights_changed();
    const BatchLoss after = model.loss(small_batch());
    EXPECT_NE(after.sum, before);
    EXPECT_NEAR(after.sum / static_cast<double>(after.tokens), std::log(50.0), 1e-5);
  }
}

}  // namespace
}  // namespace aludel::train
