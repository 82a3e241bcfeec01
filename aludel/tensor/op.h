#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/tensor/tensor.h"

namespace aludel::tensor {

class Device;

/// A tensor in f64, as the references of the operations take it; ids and labels are whole numbers.
struct Array {
  Shape shape;
  std::vector<double> values;
};

/// Inputs on which a kernel is compared with the reference, and the dtypes they are given in.
struct Sample {
  std::vector<Array> inputs;
  std::vector<DType> input_types;
  std::vector<DType> output_types;
  std::vector<double> numbers;
};

/// A coarse operation. Its meaning is the f64 reference; kernels and their gradients are held to
/// it by ops/conformance_test.cpp. `signature` names inputs; numbers -> outputs, with shapes.
/// generated/tensor_ops.h declares op_x of each file ops/defs/x.cpp.
struct OpSpec {
  std::string_view name;
  std::string_view summary;
  std::string_view source;
  std::string_view signature;
  std::uint32_t differentiable = 0;    // bit i: input i has a gradient
  std::uint32_t gradient_reads = 0;    // bit i: the gradient reads input i
  bool gradient_reads_result = false;  // or writes it; further outputs it may always read
  double tolerance = 1e-5;             // of an f32 kernel, relative to the output's largest value
  std::vector<Shape> (*output_shapes)(std::span<const Shape> inputs,
                                      std::span<const double> numbers);
  std::vector<Array> (*reference)(std::span<const Array> inputs, std::span<const double> numbers);
  std::vector<Sample> (*samples)();

  bool gradient_reads_input(std::size_t i) const { return (gradient_reads >> i & 1U) != 0; }
};

/// One application of an operation: outputs are allocated by the caller and overwritten. The first
/// output is the result; further ones are what the gradient wants to know again.
struct OpCall {
  std::span<const Tensor> inputs;
  std::span<const Tensor> outputs;
  std::span<const double> numbers;
};

enum class Write : std::uint8_t { replace, add };

/// Where the gradient of one input goes; an undefined tensor: not wanted.
struct GradientSlot {
  Tensor tensor;
  Write write = Write::replace;
};

/// The backward step of one application; what the gradient does not read may come without storage
/// (Tensor::without_storage). `of_result` is the gradient of outputs[0].
struct GradientCall {
  OpCall forward;
  Tensor of_result;
  std::span<const GradientSlot> of_inputs;
};

/// One way to run an operation on one device.
struct KernelSpec {
  std::string_view op;
  std::string_view device;
  void (*run)(Device& device, const OpCall& call);
  void (*run_gradient)(Device& device, const GradientCall& call) = nullptr;
};

std::span<const OpSpec* const> all_ops();
std::span<const KernelSpec* const> all_cpu_kernels();

/// Runs the device's kernel of the operation; where it has none, the f64 reference, and says so
/// once. A wrong shape is a bug (CHECK). Concurrent calls on one device: no.
void run(Device& device, const OpSpec& op, const OpCall& call);

/// The gradients of a call that has been run. REQUIRES: the op's kernel has a gradient.
void run_gradient(Device& device, const OpSpec& op, const GradientCall& call);

/// Allocates the outputs, the first as `type` and the others f32, and runs.
std::vector<Tensor> apply(Device& device, const OpSpec& op, std::span<const Tensor> inputs,
                          std::span<const double> numbers = {}, DType type = DType::f32);

/// Any tensor as f64 and back (rounded to its dtype).
Array to_array(const Tensor& tensor);
Tensor to_tensor(const Array& array, DType type);

}  // namespace aludel::tensor
