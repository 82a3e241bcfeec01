#include "aludel/models/program.h"

#include <algorithm>

#include "generated/tensor_ops.h"

namespace aludel::models {

Operand Program::weight(std::string_view name, const tensor::Shape& shape, Initial initial) {
  weights_.push_back({std::string(name), shape, initial});
  return {Operand::Kind::weight, weights_.size() - 1};
}

Operand Program::apply(const tensor::OpSpec& op, std::initializer_list<Operand> inputs,
                       std::initializer_list<double> numbers) {
  steps_.push_back({&op, inputs, numbers});
  return {Operand::Kind::value, steps_.size()};
}

bool Program::in_residual_stream(std::size_t value) const {
  if (value == 0) return true;
  const tensor::OpSpec* maker = steps_[value - 1].op;
  if (maker == &tensor::op_add || maker == &tensor::op_embedding) return true;
  const Operand operand{Operand::Kind::value, value};
  return std::ranges::any_of(steps_, [&](const Step& step) {
    return step.op == &tensor::op_add && std::ranges::count(step.inputs, operand) != 0;
  });
}

}  // namespace aludel::models
