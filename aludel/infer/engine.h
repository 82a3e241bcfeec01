#pragma once
// Runs a model family's description with a cache of keys and values: no tape, packed weights.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "aludel/infer/kv_cache.h"
#include "aludel/infer/language_model.h"
#include "aludel/models/packed_weights.h"
#include "aludel/tensor/device.h"
#include "aludel/tensor/packed/packed_matmul.h"

namespace aludel::infer {

/// A step of a program with its weights looked up, or several products of the same value.
struct PlannedStep;

/// One executor of models::Program; train::Tape is the other. Activations are f32.
class Engine final : public LanguageModel {
 public:
  /// REQUIRES: weights has every weight of the model. The device must outlive the engine.
  Engine(tensor::Device& device, models::Model model, models::PackedWeights weights, KvFormat kv);
  ~Engine() override;

  std::int64_t vocab_size() const override;
  std::int64_t context_length() const override;
  std::unique_ptr<SequenceCache> new_sequence() override;

  /// DEVIATION: under `dynamic` rope scaling the angles depend on the length of the text when a
  /// token arrives, as in Hugging Face transformers, and so on how the text is cut.
  std::span<const float> run(std::span<const ModelInput> inputs) override;

  const models::Model& model() const { return model_; }

  const models::PackedWeights& weights() const { return weights_; }

  const PagePool& pages() const { return pool_; }

 private:
  struct Batch;
  using Values = std::vector<tensor::Tensor>;

  std::vector<PlannedStep> plan(const models::Program& program, std::optional<std::size_t> block);
  tensor::Tensor execute(const std::vector<PlannedStep>& steps, std::size_t values,
                         std::size_t block, const tensor::Tensor& input, const Batch& batch);
  void run_products(const PlannedStep& step, Values& values);
  void run_embedding(const PlannedStep& step, const Batch& batch, Values& values);
  void run_attention(const PlannedStep& step, std::size_t block, const Batch& batch,
                     Values& values);
  void run_other(const PlannedStep& step, const Batch& batch, Values& values);
  Batch prepare(std::span<const ModelInput> inputs);
  void fill_angles(Batch& batch);
  std::span<const float> head_logits(const tensor::Tensor& hidden,
                                     std::span<const ModelInput> inputs);

  tensor::Device& device_;
  models::Model model_;
  models::PackedWeights weights_;
  PagePool pool_;
  std::vector<PlannedStep> start_;
  std::vector<std::vector<PlannedStep>> blocks_;
  std::vector<PlannedStep> finish_;
  tensor::PackedRows rows_;
  std::vector<float> logits_;
  std::vector<float> gathered_;  // hidden states that logits are wanted of
};

}  // namespace aludel::infer
