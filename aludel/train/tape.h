#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "aludel/tensor/device.h"

// Reverse-mode differentiation of coarse operations, recorded as they run.
namespace aludel::train {

/// A tensor of a tape's computation.
struct Variable {
  std::size_t index = 0;
};

/// Whether an operation runs when it is applied, or only its gradient does, which then also writes
/// the outputs (a loss: its gradient has everything at hand that the loss needs).
enum class When : std::uint8_t { now, with_gradient };

/// Runs operations and remembers what their gradients need, which it drops as soon as it can.
/// One caller at a time. Source: Wengert 1964; Baydin et al. 2015, arXiv:1502.05767.
class Tape {
 public:
  explicit Tape(tensor::Device& device) : device_(device) {}

  /// A tensor from outside. Its gradient is added to `gradient` (f32, the same shape); an undefined
  /// one: it has none.
  Variable leaf(const tensor::Tensor& value, const tensor::Tensor& gradient = {});

  /// outputs[0] of the operation, as `type`.
  Variable apply(const tensor::OpSpec& op, std::span<const Variable> inputs,
                 std::span<const double> numbers, tensor::DType type, When when = When::now);

  /// REQUIRES: not released.
  const tensor::Tensor& value(Variable variable) const { return nodes_[variable.index].value; }

  /// Says that nobody will apply an operation to the variable or ask for its value any more; its
  /// memory goes unless a gradient reads it.
  void release(Variable variable) { nodes_[variable.index].value = {}; }

  /// Adds the gradients of sum(result * factors) to those of the leaves, and forgets everything.
  /// `factors` has the shape of the result's value.
  void backward(Variable result, const tensor::Tensor& factors);

  /// Forgets everything.
  void clear();

 private:
  struct Node {
    tensor::Tensor value;
    tensor::Tensor gradient;      // a leaf's own, or made when the first one arrives
    std::size_t consumers = 0;    // operations that the variable goes into
    bool wants_gradient = false;  // leads to a leaf that has one
  };

  /// One operation that lies between a leaf and the result.
  struct Entry {
    const tensor::OpSpec* op;
    std::vector<Variable> inputs;
    std::vector<tensor::Tensor> input_values;  // without storage where the gradient reads none
    std::vector<tensor::Tensor> outputs;
    std::vector<double> numbers;
    Variable result;
  };

  void record(const tensor::OpSpec& op, std::span<const Variable> inputs,
              std::span<const tensor::Tensor> values, std::span<const tensor::Tensor> outputs,
              std::span<const double> numbers);
  void run_gradient(Entry& entry);

  tensor::Device& device_;
  std::vector<Node> nodes_;
  std::vector<Entry> entries_;
};

}  // namespace aludel::train
