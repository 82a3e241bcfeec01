#include "aludel/tensor/op.h"

#include <cmath>

#include "aludel/base/log.h"
#include "aludel/tensor/device.h"

namespace aludel::tensor {
namespace {

template <class T>
double to_double(T value) {
  if constexpr (std::is_same_v<T, Bf16>) {
    return to_float(value);
  } else if constexpr (std::is_same_v<T, std::uint16_t>) {
    return half_to_float(value);
  } else {
    return static_cast<double>(value);
  }
}

template <class T>
void read(const Tensor& tensor, std::vector<double>& values) {
  for (const T value : tensor.span<T>()) {
    values.push_back(to_double(value));
  }
}

template <class T>
void write(const std::vector<double>& values, const Tensor& tensor) {
  T* out = tensor.data<T>();
  for (const double value : values) {
    if constexpr (std::is_same_v<T, Bf16>) {
      *out++ = to_bf16(static_cast<float>(value));
    } else {
      *out++ = static_cast<T>(value);
    }
  }
}

void write_array(const Array& array, const Tensor& tensor) {
  switch (tensor.dtype()) {
    case DType::f32:
      return write<float>(array.values, tensor);
    case DType::bf16:
      return write<Bf16>(array.values, tensor);
    case DType::i32:
      return write<std::int32_t>(array.values, tensor);
    case DType::i64:
      return write<std::int64_t>(array.values, tensor);
    case DType::i8:
      return write<std::int8_t>(array.values, tensor);
    case DType::u8:
      return write<std::uint8_t>(array.values, tensor);
    case DType::f16:
      ALUDEL_CHECK(false, "[tensor] f16 is only read");
  }
}

std::vector<Shape> shapes_of(std::span<const Tensor> tensors) {
  std::vector<Shape> shapes;
  for (const Tensor& tensor : tensors) {
    shapes.push_back(tensor.shape());
  }
  return shapes;
}

void run_reference(const OpSpec& op, const OpCall& call) {
  std::vector<Array> inputs;
  for (const Tensor& input : call.inputs) {
    inputs.push_back(to_array(input));
  }
  const std::vector<Array> outputs = op.reference(inputs, call.numbers);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    write_array(outputs[i], call.outputs[i]);
  }
}

}  // namespace

Array to_array(const Tensor& tensor) {
  Array array{tensor.shape(), {}};
  array.values.reserve(tensor.elements());
  switch (tensor.dtype()) {
    case DType::f32:
      read<float>(tensor, array.values);
      break;
    case DType::bf16:
      read<Bf16>(tensor, array.values);
      break;
    case DType::f16:
      read<std::uint16_t>(tensor, array.values);
      break;
    case DType::i32:
      read<std::int32_t>(tensor, array.values);
      break;
    case DType::i64:
      read<std::int64_t>(tensor, array.values);
      break;
    case DType::i8:
      read<std::int8_t>(tensor, array.values);
      break;
    case DType::u8:
      read<std::uint8_t>(tensor, array.values);
      break;
  }
  return array;
}

Tensor to_tensor(const Array& array, DType type) {
  Tensor tensor = Tensor::empty(type, array.shape);
  write_array(array, tensor);
  return tensor;
}

void run(Device& device, const OpSpec& op, const OpCall& call) {
  const std::vector<Shape> shapes = op.output_shapes(shapes_of(call.inputs), call.numbers);
  ALUDEL_CHECK(shapes == shapes_of(call.outputs), "[op] outputs of another shape");
  if (const KernelSpec* kernel = device.kernel(op)) return kernel->run(device, call);
  if (device.first_fallback(op)) {
    log_warning("[op] {} has no {} kernel: its slow reference runs", op.name, device.name());
  }
  run_reference(op, call);
}

void run_gradient(Device& device, const OpSpec& op, const GradientCall& call) {
  const KernelSpec* kernel = device.kernel(op);
  ALUDEL_CHECK(kernel != nullptr && kernel->run_gradient != nullptr, "[op] no gradient kernel");
  ALUDEL_CHECK(call.of_inputs.size() == call.forward.inputs.size(), "[op] a slot per input");
  for (std::size_t i = 0; i < call.of_inputs.size(); ++i) {
    const Tensor& slot = call.of_inputs[i].tensor;
    ALUDEL_CHECK(!slot.defined() || ((op.differentiable >> i & 1U) != 0 &&
                                     slot.shape() == call.forward.inputs[i].shape()),
                 "[op] a gradient of another shape, or of an input that has none");
  }
  kernel->run_gradient(device, call);
}

std::vector<Tensor> apply(Device& device, const OpSpec& op, std::span<const Tensor> inputs,
                          std::span<const double> numbers, DType type) {
  std::vector<Tensor> outputs;
  for (const Shape& shape : op.output_shapes(shapes_of(inputs), numbers)) {
    outputs.push_back(Tensor::empty(outputs.empty() ? type : DType::f32, shape));
  }
  run(device, op, {inputs, outputs, numbers});
  return outputs;
}

}  // namespace aludel::tensor
