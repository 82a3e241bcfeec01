#include "aludel/train/model_tape.h"

#include <algorithm>

#include "generated/tensor_ops.h"

namespace aludel::train {

using models::Operand;
using models::Program;
using models::Step;
using tensor::DType;
using tensor::Tensor;

namespace {

Tensor f32_copy(const Tensor& weight) {
  return weight.dtype() == DType::f32 ? weight.clone()
                                      : tensor::to_tensor(tensor::to_array(weight), DType::f32);
}

Tensor i32_tensor(std::span<const std::int32_t> values) {
  return Tensor::of(values, {values.size()});
}

/// For each value the last step that reads it.
std::vector<std::size_t> last_uses(const Program& program) {
  std::vector<std::size_t> last(program.value_count(), 0);
  for (std::size_t step = 0; step < program.steps().size(); ++step) {
    for (const Operand& operand : program.steps()[step].inputs) {
      if (operand.kind == Operand::Kind::value) last[operand.index] = step;
    }
  }
  return last;
}

BatchLoss sum_losses(const Batch& batch, const Tensor& losses) {
  BatchLoss out{0, 0, losses};
  const float* loss = losses.data<float>();
  for (const std::int32_t label : batch.labels) {
    out.sum += *loss++;
    out.tokens += label >= 0 ? 1 : 0;
  }
  return out;
}

}  // namespace

Precision best_precision(const tensor::Device& device) {
  return device.has_fast_bf16() ? Precision::bf16 : Precision::f32;
}

TrainModel::TrainModel(tensor::Device& device, const models::Model& model,
                       const models::Weights& weights, Precision precision)
    : device_(device), model_(model), precision_(precision), tape_(device) {
  for (const models::WeightInfo& info : model_.description.weights(model_.config)) {
    by_name_.emplace(info.name, parameters_.size());
    parameters_.push_back(
        {info.name, f32_copy(weights.at(info.name)), Tensor::zeros(DType::f32, info.shape)});
  }
}

void TrainModel::zero_gradients() {
  for (const Parameter& parameter : parameters_) {
    parameter.gradient.fill_zero();
  }
}

void TrainModel::weights_changed() {
  for (const auto& [index, copy] : narrow_) {
    tensor::run(device_, tensor::op_cast, {{&parameters_[index].value, 1}, {&copy, 1}, {}});
  }
}

models::Weights TrainModel::weights() const {
  models::Weights weights;
  for (const Parameter& parameter : parameters_) {
    weights.set(parameter.name, parameter.value);
  }
  return weights;
}

Variable TrainModel::weight_leaf(const std::string& name, const tensor::OpSpec& op,
                                 Gradients gradients) {
  const std::size_t index = by_name_.find(name)->second;
  const Parameter& parameter = parameters_[index];
  const Tensor gradient = gradients == Gradients::wanted ? parameter.gradient : Tensor();
  const bool in_product = &op == &tensor::op_linear || &op == &tensor::op_linear_cross_entropy;
  if (precision_ == Precision::f32 || !in_product) return tape_.leaf(parameter.value, gradient);
  const auto [copy, is_new] = narrow_.try_emplace(index);
  if (is_new) {
    copy->second = Tensor::empty(DType::bf16, parameter.value.shape());
    tensor::run(device_, tensor::op_cast, {{&parameter.value, 1}, {&copy->second, 1}, {}});
  }
  return tape_.leaf(copy->second, gradient);
}

TrainModel::BatchVariables TrainModel::batch_variables(const Batch& batch) {
  std::vector<std::int32_t> starts{0};
  for (const std::int32_t piece : batch.pieces) {
    starts.push_back(starts.back() + piece);
  }
  const models::ModelConfig& config = model_.config;
  const std::size_t tokens = batch.ids.size();
  const auto longest = std::ranges::max_element(batch.positions);
  const auto frequencies = models::rope_frequencies(
      config.rope, config.head_size,
      longest == batch.positions.end() ? 1 : static_cast<std::size_t>(*longest) + 1);
  const Tensor cosines = device_.temporary(DType::f32, {tokens, config.head_size / 2});
  const Tensor sines = device_.temporary(DType::f32, {tokens, config.head_size / 2});
  models::write_rope_angles(frequencies, batch.positions, cosines, sines);
  return {{tape_.leaf(i32_tensor(batch.ids)), tape_.leaf(cosines), tape_.leaf(sines),
           tape_.leaf(i32_tensor(starts))}};
}

Variable TrainModel::run_program(const Program& program, const std::string& prefix, Variable input,
                                 const BatchVariables& batch, Gradients gradients) {
  const std::vector<std::size_t> last = last_uses(program);
  std::vector<Variable> values{input};
  for (std::size_t index = 0; index < program.steps().size(); ++index) {
    const Step& step = program.steps()[index];
    std::vector<Variable> inputs;
    for (const Operand& operand : step.inputs) {
      switch (operand.kind) {
        case Operand::Kind::value:
          inputs.push_back(values[operand.index]);
          break;
        case Operand::Kind::context:
          inputs.push_back(batch.context[operand.index]);
          break;
        case Operand::Kind::weight:
          inputs.push_back(
              weight_leaf(prefix + program.weights()[operand.index].name, *step.op, gradients));
          break;
      }
    }
    const bool wide = precision_ == Precision::f32 || program.in_residual_stream(index + 1);
    values.push_back(tape_.apply(*step.op, inputs, step.numbers, wide ? DType::f32 : DType::bf16));
    for (const Operand& operand : step.inputs) {
      if (operand.kind == Operand::Kind::value && last[operand.index] == index) {
        tape_.release(values[operand.index]);
      }
    }
  }
  return values.back();
}

Variable TrainModel::hidden_state(const Batch& batch, Gradients gradients) {
  const models::ModelDescription& description = model_.description;
  const BatchVariables variables = batch_variables(batch);
  Variable x = run_program(description.start, "", {}, variables, gradients);
  for (std::size_t block = 0; block < model_.config.blocks; ++block) {
    x = run_program(description.block, models::block_weight_name(block, ""), x, variables,
                    gradients);
  }
  return run_program(description.finish, "", x, variables, gradients);
}

Variable TrainModel::token_losses(const Batch& batch, Gradients gradients) {
  const std::vector<Variable> inputs{
      hidden_state(batch, gradients),
      weight_leaf(model_.description.head, tensor::op_linear_cross_entropy, gradients),
      tape_.leaf(i32_tensor(batch.labels))};
  const When when = gradients == Gradients::wanted ? When::with_gradient : When::now;
  return tape_.apply(tensor::op_linear_cross_entropy, inputs, {}, DType::f32, when);
}

BatchLoss TrainModel::loss_and_gradients(const Batch& batch, std::span<const float> factors) {
  const Variable result = token_losses(batch, Gradients::wanted);
  const Tensor losses = tape_.value(result);
  tape_.backward(result, Tensor::of(factors, {factors.size()}));
  return sum_losses(batch, losses);
}

BatchLoss TrainModel::loss_and_gradients(const Batch& batch, float factor) {
  return loss_and_gradients(batch, std::vector<float>(batch.ids.size(), factor));
}

BatchLoss TrainModel::loss(const Batch& batch) {
  const Tensor losses = tape_.value(token_losses(batch, Gradients::not_wanted));
  tape_.clear();
  return sum_losses(batch, losses);
}

Tensor TrainModel::logits(const Batch& batch) {
  const std::vector<Variable> inputs{
      hidden_state(batch, Gradients::not_wanted),
      weight_leaf(model_.description.head, tensor::op_linear, Gradients::not_wanted)};
  Tensor logits = tape_.value(tape_.apply(tensor::op_linear, inputs, {}, DType::f32));
  tape_.clear();
  return logits;
}

}  // namespace aludel::train
