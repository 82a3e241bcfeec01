#include "aludel/train/tape.h"

#include <algorithm>

namespace aludel::train {

using tensor::DType;
using tensor::Shape;
using tensor::Tensor;

Variable Tape::leaf(const Tensor& value, const Tensor& gradient) {
  Node& node = nodes_.emplace_back();
  node.value = value;
  node.gradient = gradient;
  node.wants_gradient = gradient.defined();
  return {nodes_.size() - 1};
}

Variable Tape::apply(const tensor::OpSpec& op, std::span<const Variable> inputs,
                     std::span<const double> numbers, DType type, When when) {
  std::vector<Tensor> values;
  std::vector<Shape> shapes;
  for (const Variable input : inputs) {
    values.push_back(value(input));
    shapes.push_back(values.back().shape());
    nodes_[input.index].consumers += 1;
  }
  std::vector<Tensor> outputs;
  for (const Shape& shape : op.output_shapes(shapes, numbers)) {
    outputs.push_back(device_.temporary(outputs.empty() ? type : DType::f32, shape));
  }
  if (when == When::now) tensor::run(device_, op, {values, outputs, numbers});
  const bool wanted = std::ranges::any_of(
      inputs, [&](Variable input) { return nodes_[input.index].wants_gradient; });
  Node& node = nodes_.emplace_back();
  node.value = outputs[0];
  node.wants_gradient = wanted;
  if (wanted) record(op, inputs, values, outputs, numbers);
  return {nodes_.size() - 1};
}

void Tape::record(const tensor::OpSpec& op, std::span<const Variable> inputs,
                  std::span<const Tensor> values, std::span<const Tensor> outputs,
                  std::span<const double> numbers) {
  Entry entry{.op = &op,
              .inputs = {inputs.begin(), inputs.end()},
              .input_values = {},
              .outputs = {outputs.begin(), outputs.end()},
              .numbers = {numbers.begin(), numbers.end()},
              .result = {nodes_.size() - 1}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    entry.input_values.push_back(op.gradient_reads_input(i) ? values[i]
                                                            : values[i].without_storage());
  }
  if (!op.gradient_reads_result) entry.outputs[0] = entry.outputs[0].without_storage();
  entries_.push_back(std::move(entry));
}

void Tape::run_gradient(Entry& entry) {
  Node& result = nodes_[entry.result.index];
  if (!result.gradient.defined()) return;  // nothing that was asked for depends on it
  std::vector<tensor::GradientSlot> slots;
  for (std::size_t i = 0; i < entry.inputs.size(); ++i) {
    Node& input = nodes_[entry.inputs[i].index];
    tensor::GradientSlot& slot = slots.emplace_back();
    if (!input.wants_gradient) continue;
    slot.write = tensor::Write::add;
    if (!input.gradient.defined()) {
      // Sums of several gradients are kept in f32.
      const DType type = input.consumers > 1 ? DType::f32 : entry.input_values[i].dtype();
      input.gradient = device_.temporary(type, entry.input_values[i].shape());
      slot.write = tensor::Write::replace;
    }
    slot.tensor = input.gradient;
  }
  tensor::run_gradient(
      device_, *entry.op,
      {{entry.input_values, entry.outputs, entry.numbers}, result.gradient, slots});
}

void Tape::backward(Variable result, const Tensor& factors) {
  ALUDEL_CHECK(factors.shape() == value(result).shape(), "[tape] a factor for each element");
  nodes_[result.index].gradient = factors;
  while (!entries_.empty()) {
    Entry& entry = entries_.back();
    run_gradient(entry);
    nodes_[entry.result.index] = {};
    entries_.pop_back();
  }
  clear();
}

void Tape::clear() {
  entries_.clear();
  nodes_.clear();
}

}  // namespace aludel::train
