#include "aludel/train/adamw.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "generated/tensor_ops.h"

#include "aludel/tensor/op.h"

namespace aludel::train {

using tensor::DType;
using tensor::Tensor;

AdamW::AdamW(tensor::Device& device, const AdamWConfig& config,
             std::span<const Parameter> parameters)
    : device_(device), config_(config), parameters_(parameters.begin(), parameters.end()) {
  for (const Parameter& parameter : parameters_) {
    means_.push_back(Tensor::zeros(DType::f32, parameter.value.shape()));
    squares_.push_back(Tensor::zeros(DType::f32, parameter.value.shape()));
  }
}

double AdamW::gradient_norm() {
  double sum = 0;
  for (const Parameter& parameter : parameters_) {
    const std::array inputs = {parameter.gradient};
    const auto squares = tensor::apply(device_, tensor::op_sum_of_squares, inputs);
    sum += static_cast<double>(squares[0].data<float>()[0]);
  }
  return std::sqrt(sum);
}

double AdamW::step(double rate) {
  const double norm = gradient_norm();
  // torch adds 1e-6 to the norm, so that a zero gradient does not divide by zero.
  const double factor = std::min(1.0, config_.clip_norm / (norm + 1e-6));
  ++steps_;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Parameter& parameter = parameters_[i];
    const double decay = parameter.value.shape().rank() == 2 ? config_.weight_decay : 0;
    const double own_rate =
        parameter.name == "model.embed_tokens.weight" ? rate * config_.embedding_rate : rate;
    const std::array numbers = {own_rate,        config_.beta1, config_.beta2,
                                config_.epsilon, decay,         static_cast<double>(steps_),
                                factor};
    const std::array inputs = {parameter.value, parameter.gradient, means_[i], squares_[i]};
    const std::array outputs = {parameter.value, means_[i], squares_[i]};
    tensor::run(device_, tensor::op_adamw, {inputs, outputs, numbers});
  }
  return norm;
}

}  // namespace aludel::train
