#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/ops/kernels/cpu/sum_of_squares.cpp"
#include <hwy/foreach_target.h>

#include "aludel/tensor/ops/kernels/cpu/simd/lanes-inl.h"
#include "aludel/tensor/parallel.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

float sum_of_squares(const Tensor& x, std::size_t first, std::size_t last) {
  const Lanes lanes;
  const Elements values(x, first, last - first);
  auto sum = hn::Zero(lanes);
  for (std::size_t i = 0; i < values.count; i += hn::Lanes(lanes)) {
    const auto value = load(values, i);
    sum = hn::MulAdd(value, value, sum);
  }
  return hn::GetLane(hn::SumOfLanes(lanes, sum));
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(sum_of_squares);

extern constinit const KernelSpec kernel_cpu_sum_of_squares = {
    .op = "sum_of_squares",
    .device = "cpu",
    .run =
        [](Device& device, const OpCall& call) {
          const Tensor& x = call.inputs[0];
          const std::size_t grain = rows_per_task(1);
          std::vector<double> partials((x.elements() + grain - 1) / grain);
          parallel_ranges(device, x.elements(), grain, [&](std::size_t first, std::size_t last) {
            partials[first / grain] = HWY_DYNAMIC_DISPATCH(sum_of_squares)(x, first, last);
          });
          double sum = 0;
          for (const double partial : partials) {
            sum += partial;
          }
          *call.outputs[0].data<float>() = static_cast<float>(sum);
        },
};

}  // namespace aludel::tensor
#endif  // HWY_ONCE
