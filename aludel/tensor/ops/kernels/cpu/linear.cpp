#include "aludel/tensor/device.h"
#include "aludel/tensor/gemm.h"

namespace aludel::tensor {
namespace {

void run_linear(Device& device, const OpCall& call) {
  gemm(device, matrix_of(call.inputs[0]), matrix_of(call.inputs[1]).transposed(),
       matrix_of(call.outputs[0]));
}

void run_linear_gradient(Device& device, const GradientCall& call) {
  const Matrix dy = matrix_of(call.of_result);
  const GradientSlot& dx = call.of_inputs[0];
  const GradientSlot& dweight = call.of_inputs[1];
  if (dx.tensor.defined()) {
    gemm(device, dy, matrix_of(call.forward.inputs[1]), matrix_of(dx.tensor), dx.write);
  }
  if (dweight.tensor.defined()) {
    gemm(device, dy.transposed(), matrix_of(call.forward.inputs[0]), matrix_of(dweight.tensor),
         dweight.write);
  }
}

}  // namespace

extern constinit const KernelSpec kernel_cpu_linear = {
    .op = "linear", .device = "cpu", .run = run_linear, .run_gradient = run_linear_gradient};

}  // namespace aludel::tensor
