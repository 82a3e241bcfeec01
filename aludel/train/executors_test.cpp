// The tape and the inference engine execute one description: they must agree on every model.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/gold.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/infer/engine.h"
#include "aludel/infer/likelihood.h"
#include "aludel/train/batch.h"
#include "aludel/train/model_tape.h"

namespace aludel::train {
namespace {

/// Compares the logits of one text, which the engine takes in two parts, and its loss.
void expect_executors_agree(const models::Model& model, const models::Weights& weights,
                            std::size_t tokens) {
  Threads threads(2);
  tensor::Device device(threads, choose_isa("").value());
  Batch batch{.rows = 1,
              .row_tokens = tokens,
              .ids = {},
              .labels = {},
              .positions = {},
              .pieces = {static_cast<std::int32_t>(tokens)}};
  Rng rng(11, 0);
  for (std::size_t t = 0; t < tokens; ++t) {
    batch.ids.push_back(static_cast<std::int32_t>(rng.below(model.config.vocabulary)));
    batch.positions.push_back(static_cast<std::int32_t>(t));
  }
  batch.labels.assign(batch.ids.begin() + 1, batch.ids.end());
  batch.labels.push_back(kNoLabel);
  TrainModel tape(device, model, weights, Precision::f32);
  const tensor::Tensor expected = tape.logits(batch);
  infer::Engine engine(device, model, models::pack_weights(weights), infer::KvFormat::f32);
  const auto sequence = engine.new_sequence();
  std::vector<float> logits;
  for (const auto& part :
       {std::span(batch.ids).first(tokens / 3), std::span(batch.ids).subspan(tokens / 3)}) {
    const infer::ModelInput input{sequence.get(), part, infer::LogitsFor::every_token};
    const auto some = engine.run(std::span(&input, 1));
    logits.insert(logits.end(), some.begin(), some.end());
  }
  ASSERT_EQ(logits.size(), expected.elements());
  double largest = 0;
  double difference = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double value = expected.data<float>()[i];
    largest = std::max(largest, std::abs(value));
    difference = std::max(difference, std::abs(value - double{logits[i]}));
  }
  EXPECT_GT(largest, 0.0);
  EXPECT_LT(difference, 1e-5 * largest);
  double nats = 0;
  ASSERT_TRUE(infer::add_negative_log_likelihood(engine, batch.ids, 1, nats));
  EXPECT_NEAR(tape.loss(batch).sum, nats, 1e-5 * nats);
}

TEST(Executors, AgreeOnRandomWeights) {
  const Json json = parse_json(R"({"architectures": ["YiForCausalLM"], "vocab_size": 96,
    "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 3,
    "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 512,
    "rms_norm_eps": 1e-5, "rope_theta": 5000000.0})")
                        .value();
  const models::Model model = models::make_model(models::read_llama_config(json).value()).value();
  expect_executors_agree(model, models::initial_weights(model, 5), 200);
}

TEST(GoldenExecutors, AgreeOnEveryGoldenModel) {
  const std::string gold = aludel::gold_folder();
  if (gold.empty()) GTEST_SKIP() << "no golden models";
  io::LocalFileSystem files;
  for (const char* name : {"gqa-untied", "mha-tied", "gqa-headdim"}) {
    SCOPED_TRACE(name);
    const std::string folder = gold + "/" + name;
    const models::Model model = models::load_model(files, folder).value();
    expect_executors_agree(
        model, models::load_weights(files, folder, model, tensor::DType::f32).value(), 150);
  }
}

}  // namespace
}  // namespace aludel::train
