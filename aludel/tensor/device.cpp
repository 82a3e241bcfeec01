#include "aludel/tensor/device.h"

#include <algorithm>

#include "aludel/tensor/gemm.h"

namespace aludel::tensor {

Device::Device(Threads& threads, Isa isa)
    : threads_(threads),
      isa_(isa),
      scratch_(static_cast<std::size_t>(threads.count())),
      matmuls_(std::make_unique<MatmulCache>()) {}

Device::~Device() = default;

const KernelSpec* Device::kernel(const OpSpec& op) const {
  const auto kernels = all_cpu_kernels();
  const auto found = std::ranges::find(kernels, op.name, &KernelSpec::op);
  return found == kernels.end() ? nullptr : *found;
}

void* Device::scratch(int worker, std::size_t bytes) {
  Tensor& memory = scratch_.at(static_cast<std::size_t>(worker));
  if (!memory.defined() || memory.bytes() < bytes) memory = Tensor::empty(DType::u8, {bytes});
  return memory.raw();
}

}  // namespace aludel::tensor
