#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/ops/kernels/cpu/adamw.cpp"
#include <cmath>

#include <hwy/foreach_target.h>

#include "aludel/tensor/ops/kernels/cpu/simd/lanes-inl.h"
#include "aludel/tensor/parallel.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

void adamw(const OpCall& call, std::size_t first, std::size_t last) {
  const Lanes lanes;
  const auto element = [&](const Tensor& tensor)
                           HWY_ATTR { return Elements(tensor, first, last - first); };
  const auto number = [&](double value)
                          HWY_ATTR { return hn::Set(lanes, static_cast<float>(value)); };
  const std::span<const double> n = call.numbers;
  const double rate = n[0] / (1 - std::pow(n[1], n[5]));
  const auto keep = number(1 - n[0] * n[4]);
  const auto step_size = number(rate);
  const auto beta1 = number(n[1]);
  const auto beta2 = number(n[2]);
  const auto rest1 = number(1 - n[1]);
  const auto rest2 = number(1 - n[2]);
  const auto correction = number(1 / std::sqrt(1 - std::pow(n[2], n[5])));
  const auto epsilon = number(n[3]);
  const auto factor = number(n[6]);
  for (std::size_t i = 0; i < last - first; i += hn::Lanes(lanes)) {
    const auto gradient = hn::Mul(factor, load(element(call.inputs[1]), i));
    const auto mean = hn::MulAdd(beta1, load(element(call.inputs[2]), i), hn::Mul(rest1, gradient));
    const auto square = hn::MulAdd(beta2, load(element(call.inputs[3]), i),
                                   hn::Mul(hn::Mul(rest2, gradient), gradient));
    const auto size = hn::MulAdd(hn::Sqrt(square), correction, epsilon);
    const auto parameter = hn::Mul(keep, load(element(call.inputs[0]), i));
    store(hn::NegMulAdd(step_size, hn::Div(mean, size), parameter), element(call.outputs[0]), i);
    store(mean, element(call.outputs[1]), i);
    store(square, element(call.outputs[2]), i);
  }
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(adamw);

extern constinit const KernelSpec kernel_cpu_adamw = {
    .op = "adamw",
    .device = "cpu",
    .run =
        [](Device& device, const OpCall& call) {
          parallel_ranges(device, call.outputs[0].elements(), rows_per_task(1),
                          [&](std::size_t first, std::size_t last) {
                            HWY_DYNAMIC_DISPATCH(adamw)(call, first, last);
                          });
        },
};

}  // namespace aludel::tensor
#endif  // HWY_ONCE
