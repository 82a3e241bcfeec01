// Every operation on every kernel and instruction set of this CPU: forward against the f64
// reference, gradients against finite differences of that reference.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "tests/test_isa.h"
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include "aludel/tensor/device.h"
#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {
namespace {

// A bf16 result is off by half a unit of its 8-bit mantissa, 2^-9; two roundings and their sums
// stay below 2^-7.
constexpr double kBf16Tolerance = 0x1p-7;

double largest(const Array& array) {
  double out = 0;
  for (const double value : array.values) {
    out = std::max(out, std::abs(value));
  }
  return out;
}

double tolerance(const OpSpec& op, const Sample& sample) {
  const auto is_bf16 = [](DType type) { return type == DType::bf16; };
  const bool narrow = std::ranges::any_of(sample.input_types, is_bf16) ||
                      std::ranges::any_of(sample.output_types, is_bf16);
  return narrow ? kBf16Tolerance : op.tolerance;
}

void expect_close(const Tensor& actual, const Array& expected, double relative) {
  const Array values = to_array(actual);
  ASSERT_EQ(values.values.size(), expected.values.size());
  double worst = 0;
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    const double difference = std::abs(values.values[i] - expected.values[i]);
    worst = std::max(worst, std::isnan(difference) ? INFINITY : difference);
  }
  EXPECT_LE(worst, relative * std::max(largest(expected), 1e-6));
}

/// The sample's inputs as the kernel gets them, and the same values in f64.
struct Inputs {
  explicit Inputs(const Sample& sample) {
    for (std::size_t i = 0; i < sample.inputs.size(); ++i) {
      tensors.push_back(to_tensor(sample.inputs[i], sample.input_types[i]));
      arrays.push_back(to_array(tensors.back()));
    }
  }

  std::vector<Tensor> tensors;
  std::vector<Array> arrays;
};

std::vector<Tensor> run_sample(Device& device, const OpSpec& op, const Sample& sample,
                               const Inputs& inputs) {
  std::vector<Tensor> outputs;
  const std::vector<Array> expected = op.reference(inputs.arrays, sample.numbers);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    outputs.push_back(Tensor::zeros(
        sample.output_types.at(std::min(i, sample.output_types.size() - 1)), expected[i].shape));
  }
  run(device, op, {inputs.tensors, outputs, sample.numbers});
  for (std::size_t i = 0; i < expected.size(); ++i) {
    SCOPED_TRACE("output " + std::to_string(i));
    expect_close(outputs[i], expected[i], tolerance(op, sample));
  }
  return outputs;
}

/// d(sum of outputs[0] * factors) / d(input element), by central differences of the reference.
double slope(const OpSpec& op, const Sample& sample, std::vector<Array> inputs,
             const Array& factors, std::pair<std::size_t, std::size_t> place) {
  constexpr double kStep = 1e-5;
  const auto value = [&](double step) {
    double& element = inputs[place.first].values[place.second];
    const double before = element;
    element += step;
    const Array out = op.reference(inputs, sample.numbers)[0];
    element = before;
    double sum = 0;
    for (std::size_t i = 0; i < out.values.size(); ++i) {
      sum += out.values[i] * factors.values[i];
    }
    return sum;
  };
  return (value(kStep) - value(-kStep)) / (2 * kStep);
}

/// Compares up to 24 elements of one gradient, spread over it.
void expect_slopes(const OpSpec& op, const Sample& sample, const Inputs& inputs,
                   const Array& factors, std::size_t input, const Array& gradient) {
  const std::size_t size = gradient.values.size();
  const std::size_t checked = std::min<std::size_t>(size, size > 10000 ? 6 : 24);
  const double scale = largest(gradient);
  for (std::size_t i = 0; i < checked; ++i) {
    const std::size_t at = checked == 1 ? 0 : i * (size - 1) / (checked - 1);
    const double expected = slope(op, sample, inputs.arrays, factors, {input, at});
    EXPECT_NEAR(gradient.values[at], expected, scale * (10 * tolerance(op, sample) + 1e-7))
        << "gradient of input " << input << " at " << at;
  }
}

void check_gradients(Device& device, const OpSpec& op, const Sample& sample, const Inputs& inputs,
                     std::span<const Tensor> outputs) {
  const Tensor factors = to_tensor(random_array(outputs[0].shape(), 9), outputs[0].dtype());
  std::vector<GradientSlot> replaced(inputs.tensors.size());
  std::vector<GradientSlot> added(inputs.tensors.size());
  for (std::size_t i = 0; i < inputs.tensors.size(); ++i) {
    if ((op.differentiable >> i & 1U) == 0) continue;
    replaced[i].tensor = to_tensor(random_array(inputs.tensors[i].shape(), 5), DType::f32);
    added[i].tensor = Tensor::zeros(DType::f32, inputs.tensors[i].shape());
    std::ranges::fill(added[i].tensor.span<float>(), 1.0F);
    added[i].write = Write::add;
  }
  std::vector<Tensor> read = inputs.tensors;
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (!op.gradient_reads_input(i)) read[i] = read[i].without_storage();
  }
  std::vector<Tensor> results(outputs.begin(), outputs.end());
  if (!op.gradient_reads_result) results[0] = results[0].without_storage();
  const OpCall forward{read, results, sample.numbers};
  run_gradient(device, op, {forward, factors, replaced});
  run_gradient(device, op, {forward, factors, added});
  for (std::size_t i = 0; i < inputs.tensors.size(); ++i) {
    if (!replaced[i].tensor.defined()) continue;
    Array gradient = to_array(replaced[i].tensor);
    expect_slopes(op, sample, inputs, to_array(factors), i, gradient);
    for (double& value : gradient.values) {
      value += 1;
    }
    expect_close(added[i].tensor, gradient, 1e-6);
  }
}

void expect_conforms(Device& device) {
  for (const OpSpec* op : all_ops()) {
    SCOPED_TRACE(std::string(op->name));
    std::size_t index = 0;
    for (const Sample& sample : op->samples()) {
      SCOPED_TRACE("sample " + std::to_string(index++));
      const Inputs inputs(sample);
      const std::vector<Tensor> outputs = run_sample(device, *op, sample, inputs);
      if (op->differentiable != 0) check_gradients(device, *op, sample, inputs, outputs);
    }
  }
}

TEST(Conformance, EveryKernelIsOfAnOperation) {
  for (const KernelSpec* kernel : all_cpu_kernels()) {
    EXPECT_NE(std::ranges::find(all_ops(), kernel->op, &OpSpec::name), all_ops().end())
        << kernel->op;
  }
}

// The reference runs in its place, and slowly: an operation of a model without one is a mistake.
TEST(Conformance, EveryDifferentiableOperationHasAKernel) {
  for (const OpSpec* op : all_ops()) {
    if (op->differentiable == 0) continue;
    EXPECT_NE(std::ranges::find(all_cpu_kernels(), op->name, &KernelSpec::op),
              all_cpu_kernels().end())
        << op->name;
  }
}

// CTest runs this one once for every instruction set: oneDNN can be limited only once a process.
TEST(Conformance, HoldsAtTheForcedInstructionSet) {
  if (!test_isa()) GTEST_SKIP() << "this CPU lacks ALUDEL_ISA";
  Threads threads(2);
  Device device(threads, *test_isa());
  expect_conforms(device);
}

TEST(Conformance, HoldsOnEveryHighwayTarget) {
  Threads threads(2);
  Device device(threads, choose_isa("").value());
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    expect_conforms(device);
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace
}  // namespace aludel::tensor
