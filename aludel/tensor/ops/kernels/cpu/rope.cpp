#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/ops/kernels/cpu/rope.cpp"
#include <hwy/foreach_target.h>

#include "aludel/tensor/ops/kernels/cpu/simd/lanes-inl.h"
#include "aludel/tensor/parallel.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

/// Turns rows [first, last) of x into y by `direction` 1, or back by -1.
struct Turn {
  const Tensor& x;
  std::span<const Tensor> angles;  // cosines, sines
  const Tensor& y;
  float direction;
  bool add;
};

HWY_INLINE void turn_rows(const Turn& turn, std::size_t first, std::size_t last) {
  const Lanes lanes;
  const std::size_t width = turn.x.shape().columns();
  const std::size_t half = turn.angles[0].shape().columns();
  const auto direction = hn::Set(lanes, turn.direction);
  for (std::size_t row = first; row < last; ++row) {
    const Elements cosines(turn.angles[0], row * half, half);
    const Elements sines(turn.angles[1], row * half, half);
    for (std::size_t head = row * width; head < (row + 1) * width; head += 2 * half) {
      const Elements x1(turn.x, head, half);
      const Elements x2(turn.x, head + half, half);
      const Elements y1(turn.y, head, half);
      const Elements y2(turn.y, head + half, half);
      for (std::size_t d = 0; d < half; d += hn::Lanes(lanes)) {
        const auto cosine = load(cosines, d);
        const auto sine = hn::Mul(direction, load(sines, d));
        const auto a = load(x1, d);
        const auto b = load(x2, d);
        accumulate(hn::NegMulAdd(b, sine, hn::Mul(a, cosine)), y1, d, turn.add);
        accumulate(hn::MulAdd(a, sine, hn::Mul(b, cosine)), y2, d, turn.add);
      }
    }
  }
}

void rope(const OpCall& call, std::size_t first, std::size_t last) {
  turn_rows({call.inputs[0], call.inputs.subspan(1), call.outputs[0], 1.0F, false}, first, last);
}

void rope_gradient(const GradientCall& call, std::size_t first, std::size_t last) {
  const GradientSlot& slot = call.of_inputs[0];
  turn_rows({call.of_result, call.forward.inputs.subspan(1), slot.tensor, -1.0F,
             slot.write == Write::add},
            first, last);
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(rope);
HWY_EXPORT(rope_gradient);

extern constinit const KernelSpec kernel_cpu_rope = {
    .op = "rope",
    .device = "cpu",
    .run =
        [](Device& device, const OpCall& call) {
          const Shape& shape = call.inputs[0].shape();
          parallel_ranges(device, shape.rows(), rows_per_task(shape.columns()),
                          [&](std::size_t first, std::size_t last) {
                            HWY_DYNAMIC_DISPATCH(rope)(call, first, last);
                          });
        },
    .run_gradient =
        [](Device& device, const GradientCall& call) {
          if (!call.of_inputs[0].tensor.defined()) return;
          const Shape& shape = call.of_result.shape();
          parallel_ranges(device, shape.rows(), rows_per_task(shape.columns()),
                          [&](std::size_t first, std::size_t last) {
                            HWY_DYNAMIC_DISPATCH(rope_gradient)(call, first, last);
                          });
        },
};

}  // namespace aludel::tensor
#endif  // HWY_ONCE
