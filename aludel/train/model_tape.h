#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "aludel/models/weights.h"
#include "aludel/train/batch.h"
#include "aludel/train/parameter.h"
#include "aludel/train/tape.h"

// A model under training: executes its family's description on a tape.
namespace aludel::train {

/// What matrix products compute in. Sums, the residual stream, normalisation, attention's inside,
/// losses, gradients of weights and the weights that the optimizer updates are f32 in both.
enum class Precision : std::uint8_t { f32, bf16 };

/// bf16 where the device's matrix products gain by it, else f32.
Precision best_precision(const tensor::Device& device);

/// Losses of a batch, in nats.
struct BatchLoss {
  double sum = 0;               // over the tokens with a label
  std::size_t tokens = 0;       // with a label
  tensor::Tensor token_losses;  // [B * T] f32, 0 where there is no label
};

/// Weights, gradients and what runs them. Results are the same bits for any number of threads.
/// One caller at a time; the device must outlive it.
class TrainModel {
 public:
  /// Takes copies of the weights (f32 or bf16) as f32.
  TrainModel(tensor::Device& device, const models::Model& model, const models::Weights& weights,
             Precision precision);

  const models::Model& model() const { return model_; }

  Precision precision() const { return precision_; }

  /// In the order of the model's description; a tied table is there once. Gradients are added to.
  /// Whoever changes a value (an optimizer) calls weights_changed() then.
  std::span<Parameter> parameters() { return parameters_; }

  std::span<const Parameter> parameters() const { return parameters_; }

  void zero_gradients();

  /// Adds the gradients of sum over tokens of factors[t] * loss[t]; factors has B * T values.
  /// REQUIRES: ids and labels lie in the vocabulary; pieces sum to B * T.
  BatchLoss loss_and_gradients(const Batch& batch, std::span<const float> factors);

  /// The same with one factor for all: 1 / (tokens with a label in the whole step) gives the mean.
  BatchLoss loss_and_gradients(const Batch& batch, float factor);

  BatchLoss loss(const Batch& batch);

  /// [B * T, V] f32.
  tensor::Tensor logits(const Batch& batch);

  /// Refreshes what is derived from the weights. Call after each change of a parameter's value.
  void weights_changed();

  /// The weights as handles on the parameters' memory.
  models::Weights weights() const;

 private:
  enum class Gradients : std::uint8_t { wanted, not_wanted };

  /// The variables that a batch gives to every program.
  struct BatchVariables {
    std::vector<Variable> context;  // by models::Context
  };

  BatchVariables batch_variables(const Batch& batch);
  Variable weight_leaf(const std::string& name, const tensor::OpSpec& op, Gradients gradients);
  Variable run_program(const models::Program& program, const std::string& prefix, Variable input,
                       const BatchVariables& batch, Gradients gradients);
  Variable hidden_state(const Batch& batch, Gradients gradients);
  Variable token_losses(const Batch& batch, Gradients gradients);

  tensor::Device& device_;
  models::Model model_;
  Precision precision_;
  std::vector<Parameter> parameters_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::map<std::size_t, tensor::Tensor> narrow_;  // bf16 copies of parameters in matrix products
  Tape tape_;
};

}  // namespace aludel::train
