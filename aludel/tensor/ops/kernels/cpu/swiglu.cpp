#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/ops/kernels/cpu/swiglu.cpp"
#include <hwy/foreach_target.h>

#include "aludel/tensor/ops/kernels/cpu/simd/lanes-inl.h"
#include "aludel/tensor/parallel.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

void swiglu(const OpCall& call, std::size_t first, std::size_t last) {
  const Lanes lanes;
  const Elements gate(call.inputs[0], first, last - first);
  const Elements up(call.inputs[1], first, last - first);
  const Elements y(call.outputs[0], first, last - first);
  const auto one = hn::Set(lanes, 1.0F);
  for (std::size_t i = 0; i < y.count; i += hn::Lanes(lanes)) {
    const auto g = load(gate, i);
    const auto sigmoid = hn::Div(one, hn::Add(one, exponential(hn::Neg(g))));
    store(hn::Mul(hn::Mul(g, sigmoid), load(up, i)), y, i);
  }
}

void swiglu_gradient(const GradientCall& call, std::size_t first, std::size_t last) {
  const Lanes lanes;
  const Elements gate(call.forward.inputs[0], first, last - first);
  const Elements up(call.forward.inputs[1], first, last - first);
  const Elements dy(call.of_result, first, last - first);
  const GradientSlot& gate_slot = call.of_inputs[0];
  const GradientSlot& up_slot = call.of_inputs[1];
  const Elements dgate(gate_slot.tensor, first, gate_slot.tensor.defined() ? last - first : 0);
  const Elements dup(up_slot.tensor, first, up_slot.tensor.defined() ? last - first : 0);
  const auto one = hn::Set(lanes, 1.0F);
  for (std::size_t i = 0; i < dy.count; i += hn::Lanes(lanes)) {
    const auto g = load(gate, i);
    const auto d = load(dy, i);
    const auto sigmoid = hn::Div(one, hn::Add(one, exponential(hn::Neg(g))));
    // d silu / dg = s (1 + g (1 - s))
    const auto slope = hn::Mul(sigmoid, hn::MulAdd(g, hn::Sub(one, sigmoid), one));
    if (dgate.count != 0) {
      accumulate(hn::Mul(hn::Mul(d, load(up, i)), slope), dgate, i, gate_slot.write == Write::add);
    }
    if (dup.count != 0) {
      accumulate(hn::Mul(d, hn::Mul(g, sigmoid)), dup, i, up_slot.write == Write::add);
    }
  }
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(swiglu);
HWY_EXPORT(swiglu_gradient);

extern constinit const KernelSpec kernel_cpu_swiglu = {
    .op = "swiglu",
    .device = "cpu",
    .run =
        [](Device& device, const OpCall& call) {
          parallel_ranges(device, call.outputs[0].elements(), rows_per_task(1),
                          [&](std::size_t first, std::size_t last) {
                            HWY_DYNAMIC_DISPATCH(swiglu)(call, first, last);
                          });
        },
    .run_gradient =
        [](Device& device, const GradientCall& call) {
          parallel_ranges(device, call.of_result.elements(), rows_per_task(1),
                          [&](std::size_t first, std::size_t last) {
                            HWY_DYNAMIC_DISPATCH(swiglu_gradient)(call, first, last);
                          });
        },
};

}  // namespace aludel::tensor
#endif  // HWY_ONCE
