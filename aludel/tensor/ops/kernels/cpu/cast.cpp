#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/ops/kernels/cpu/cast.cpp"
#include <hwy/foreach_target.h>

#include "aludel/tensor/ops/kernels/cpu/simd/lanes-inl.h"
#include "aludel/tensor/parallel.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

void cast(const OpCall& call, std::size_t first, std::size_t last) {
  const Elements x(call.inputs[0], first, last - first);
  const Elements y(call.outputs[0], first, last - first);
  for (std::size_t i = 0; i < y.count; i += hn::Lanes(Lanes())) {
    store(load(x, i), y, i);
  }
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(cast);

extern constinit const KernelSpec kernel_cpu_cast = {
    .op = "cast",
    .device = "cpu",
    .run =
        [](Device& device, const OpCall& call) {
          parallel_ranges(device, call.outputs[0].elements(), rows_per_task(1),
                          [&](std::size_t first, std::size_t last) {
                            HWY_DYNAMIC_DISPATCH(cast)(call, first, last);
                          });
        },
};

}  // namespace aludel::tensor
#endif  // HWY_ONCE
