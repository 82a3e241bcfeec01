#include "aludel/infer/engine.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aludel/base/rng.h"

namespace aludel::infer {
namespace {

models::Model small_model(std::size_t kv_heads = 2) {
  Json json = parse_json(R"({"architectures": ["YiForCausalLM"], "vocab_size": 96,
    "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
    "num_attention_heads": 4, "max_position_embeddings": 1024, "rms_norm_eps": 1e-5,
    "rope_theta": 5000000.0, "eos_token_id": 2})")
                  .value();
  json["num_key_value_heads"] = kv_heads;
  return models::make_model(models::read_llama_config(json).value()).value();
}

/// Random weights large enough that every part of the model matters.
models::PackedWeights loud_weights(const models::Model& model, tensor::DType type) {
  models::Weights weights;
  const models::Weights initial = models::initial_weights(model, 3);
  for (const auto& [name, weight] : initial.all()) {
    if (weight.shape().rank() != 2) {
      weights.set(name, weight);
      continue;
    }
    const tensor::Tensor scaled = tensor::Tensor::empty(type, weight.shape());
    for (std::size_t i = 0; i < weight.elements(); ++i) {
      const float value = weight.data<float>()[i] * 6;
      if (type == tensor::DType::f32) {
        scaled.data<float>()[i] = value;
      } else {
        scaled.data<tensor::Bf16>()[i] = tensor::to_bf16(value);
      }
    }
    weights.set(name, scaled);
  }
  return models::pack_weights(weights);
}

struct Machine {
  explicit Machine(KvFormat kv, int thread_count = 2, tensor::DType type = tensor::DType::f32,
                   Isa isa = choose_isa("").value())
      : threads(thread_count),
        device(threads, isa),
        engine(device, small_model(), loud_weights(small_model(), type), kv) {}

  Threads threads;
  tensor::Device device;
  Engine engine;
};

std::vector<std::int32_t> random_ids(std::size_t count, std::uint64_t seed) {
  std::vector<std::int32_t> ids(count);
  Rng rng(seed, 0);
  for (std::int32_t& id : ids)
    id = static_cast<std::int32_t>(rng.below(96));
  return ids;
}

/// The logits of every token when the text comes in chunks of these sizes, the last one repeated.
std::vector<float> in_chunks(Engine& engine, std::span<const std::int32_t> ids,
                             std::vector<std::size_t> sizes) {
  const auto sequence = engine.new_sequence();
  std::vector<float> all;
  for (std::size_t i = 0; !ids.empty(); ++i) {
    const std::size_t size = std::min(sizes[std::min(i, sizes.size() - 1)], ids.size());
    const ModelInput input{sequence.get(), ids.first(size), LogitsFor::every_token};
    const auto logits = engine.run(std::span(&input, 1));
    all.insert(all.end(), logits.begin(), logits.end());
    ids = ids.subspan(size);
  }
  return all;
}

TEST(Engine, GivesTheSameBitsHoweverATextIsCut) {
  for (const tensor::DType type : {tensor::DType::f32, tensor::DType::bf16}) {
    for (const KvFormat kv : {KvFormat::f32, KvFormat::q8}) {
      Machine machine(kv, 2, type);
      const std::vector<std::int32_t> ids = random_ids(200, 1);
      const std::vector<float> whole = in_chunks(machine.engine, ids, {200});
      EXPECT_EQ(in_chunks(machine.engine, ids, {1}), whole);
      EXPECT_EQ(in_chunks(machine.engine, ids, {64}), whole);
      EXPECT_EQ(in_chunks(machine.engine, ids, {37, 2, 90, 5}), whole);
    }
  }
}

TEST(Engine, GivesTheSameBitsOnAnyNumberOfThreads) {
  Machine one(KvFormat::q8, 1);
  Machine three(KvFormat::q8, 3);
  const std::vector<std::int32_t> ids = random_ids(150, 2);
  EXPECT_EQ(in_chunks(one.engine, ids, {150}), in_chunks(three.engine, ids, {70}));
}

TEST(Engine, GivesATextTheSameBitsInAnyBatch) {
  Machine machine(KvFormat::q8);
  Engine& engine = machine.engine;
  std::vector<std::vector<std::int32_t>> texts;
  std::vector<std::vector<float>> alone;
  for (const std::size_t length : {90U, 3U, 64U, 65U, 1U}) {
    texts.push_back(random_ids(length, length));
    const std::vector<float> logits = in_chunks(engine, texts.back(), {length});
    alone.emplace_back(logits.end() - 96, logits.end());
  }
  std::vector<std::unique_ptr<SequenceCache>> sequences;
  std::vector<ModelInput> inputs;
  for (const auto& text : texts) {  // all but the last token of each, then the last ones together
    sequences.push_back(engine.new_sequence());
    inputs.push_back(
        {sequences.back().get(), std::span(text).first(text.size() - 1), LogitsFor::none});
  }
  EXPECT_TRUE(engine.run(inputs).empty());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    inputs[i].ids = std::span(texts[i]).last(1);
    inputs[i].logits = LogitsFor::last_token;
  }
  const std::span<const float> together = engine.run(inputs);
  ASSERT_EQ(together.size(), texts.size() * 96);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(together.subspan(i * 96, 96), alone[i])) << i;
  }
}

TEST(Engine, AgreesAcrossInstructionSetsToRounding) {
  const Isa best = choose_isa("").value();
  const std::vector<std::int32_t> ids = random_ids(100, 4);
  for (const tensor::DType type : {tensor::DType::f32, tensor::DType::bf16}) {
    Machine fast(KvFormat::f32, 1, type, best);
    Machine plain(KvFormat::f32, 1, type, Isa::scalar);
    const std::vector<float> expected = in_chunks(plain.engine, ids, {100});
    const std::vector<float> got = in_chunks(fast.engine, ids, {100});
    double largest = 0;
    double difference = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      largest = std::max(largest, std::abs(double{expected[i]}));
      difference = std::max(difference, std::abs(double{got[i]} - expected[i]));
    }
    // f32: rounding only. bf16: a rounding of x to bf16 that falls the other way, 2^-9 of it.
    EXPECT_LT(difference, largest * (type == tensor::DType::f32 ? 1e-5 : 2e-2));
  }
}

TEST(Engine, GivesPagesBack) {
  Machine machine(KvFormat::q8);
  {
    const auto sequence = machine.engine.new_sequence();
    const std::vector<std::int32_t> ids = random_ids(130, 5);
    const ModelInput input{sequence.get(), ids, LogitsFor::none};
    machine.engine.run(std::span(&input, 1));
    EXPECT_EQ(sequence->length(), 130);
    EXPECT_EQ(machine.engine.pages().pages_in_use(), 3U * 2 * 2);  // pages, blocks, KV heads
  }
  EXPECT_EQ(machine.engine.pages().pages_in_use(), 0U);
  const std::size_t taken = machine.engine.pages().pages();
  in_chunks(machine.engine, random_ids(130, 6), {130});
  EXPECT_EQ(machine.engine.pages().pages(), taken);
}

TEST(Engine, IsNotDisturbedByWhatAReusedPageHeld) {
  Machine machine(KvFormat::f32);
  const std::vector<std::int32_t> ids = random_ids(20, 7);
  const std::vector<float> first = in_chunks(machine.engine, ids, {20});
  in_chunks(machine.engine, random_ids(300, 8), {300});
  EXPECT_EQ(in_chunks(machine.engine, ids, {20}), first);
}

TEST(PageLayout, NeedsAQuarterOfTheMemoryInEightBits) {
  const PageLayout exact = PageLayout::make(KvFormat::f32, 128);
  const PageLayout rounded = PageLayout::make(KvFormat::q8, 128);
  EXPECT_EQ(exact.bytes, 64U * 128 * 2 * 4);
  EXPECT_EQ(rounded.bytes, 64U * 128 * 2 + 2 * 64 * 4);
}

}  // namespace
}  // namespace aludel::infer
