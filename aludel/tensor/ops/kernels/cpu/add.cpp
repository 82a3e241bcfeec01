#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/ops/kernels/cpu/add.cpp"
#include <hwy/foreach_target.h>

#include "aludel/tensor/ops/kernels/cpu/simd/lanes-inl.h"
#include "aludel/tensor/parallel.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

void add(const OpCall& call, std::size_t first, std::size_t last) {
  const Elements a(call.inputs[0], first, last - first);
  const Elements b(call.inputs[1], first, last - first);
  const Elements y(call.outputs[0], first, last - first);
  for (std::size_t i = 0; i < y.count; i += hn::Lanes(Lanes())) {
    store(hn::Add(load(a, i), load(b, i)), y, i);
  }
}

void add_gradient(const GradientCall& call, std::size_t first, std::size_t last) {
  const Elements dy(call.of_result, first, last - first);
  for (const GradientSlot& slot : call.of_inputs) {
    if (!slot.tensor.defined()) continue;
    const Elements dx(slot.tensor, first, last - first);
    for (std::size_t i = 0; i < dy.count; i += hn::Lanes(Lanes())) {
      accumulate(load(dy, i), dx, i, slot.write == Write::add);
    }
  }
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(add);
HWY_EXPORT(add_gradient);

extern constinit const KernelSpec kernel_cpu_add = {
    .op = "add",
    .device = "cpu",
    .run =
        [](Device& device, const OpCall& call) {
          parallel_ranges(device, call.outputs[0].elements(), rows_per_task(1),
                          [&](std::size_t first, std::size_t last) {
                            HWY_DYNAMIC_DISPATCH(add)(call, first, last);
                          });
        },
    .run_gradient =
        [](Device& device, const GradientCall& call) {
          parallel_ranges(device, call.of_result.elements(), rows_per_task(1),
                          [&](std::size_t first, std::size_t last) {
                            HWY_DYNAMIC_DISPATCH(add_gradient)(call, first, last);
                          });
        },
};

}  // namespace aludel::tensor
#endif  // HWY_ONCE
