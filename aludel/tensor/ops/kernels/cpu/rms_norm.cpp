#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/ops/kernels/cpu/rms_norm.cpp"
#include <cmath>

#include <hwy/foreach_target.h>

#include "aludel/tensor/ops/kernels/cpu/simd/lanes-inl.h"
#include "aludel/tensor/parallel.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

void rms_norm(const OpCall& call, std::size_t first, std::size_t last) {
  const Lanes lanes;
  const std::size_t width = call.inputs[0].shape().columns();
  const Elements weight(call.inputs[1]);
  float* inverses = call.outputs[1].data<float>();
  for (std::size_t row = first; row < last; ++row) {
    const Elements x(call.inputs[0], row * width, width);
    const Elements y(call.outputs[0], row * width, width);
    auto squares = hn::Zero(lanes);
    for (std::size_t c = 0; c < width; c += hn::Lanes(lanes)) {
      const auto value = load(x, c);
      squares = hn::MulAdd(value, value, squares);
    }
    const float mean = hn::GetLane(hn::SumOfLanes(lanes, squares)) / static_cast<float>(width);
    inverses[row] = 1.0F / std::sqrt(mean + static_cast<float>(call.numbers[0]));
    const auto inverse = hn::Set(lanes, inverses[row]);
    for (std::size_t c = 0; c < width; c += hn::Lanes(lanes)) {
      store(hn::Mul(hn::Mul(load(x, c), inverse), load(weight, c)), y, c);
    }
  }
}

/// dx of rows [first, last), and this range's share of the weight's gradient into `partial` [C].
void rms_norm_gradient(const GradientCall& call, std::size_t first, std::size_t last,
                       const Tensor& partial) {
  const Lanes lanes;
  const std::size_t width = call.forward.inputs[0].shape().columns();
  const Elements weight(call.forward.inputs[1]);
  const Elements dweight(partial);
  const GradientSlot& slot = call.of_inputs[0];
  const float* inverses = call.forward.outputs[1].data<float>();
  for (std::size_t row = first; row < last; ++row) {
    const Elements x(call.forward.inputs[0], row * width, width);
    const Elements dy(call.of_result, row * width, width);
    const auto inverse = hn::Set(lanes, inverses[row]);
    auto dot = hn::Zero(lanes);
    for (std::size_t c = 0; c < width; c += hn::Lanes(lanes)) {
      const auto slope = hn::Mul(load(dy, c), load(x, c));
      dot = hn::MulAdd(slope, load(weight, c), dot);
      store(hn::MulAdd(slope, inverse, load(dweight, c)), dweight, c);
    }
    if (!slot.tensor.defined()) continue;
    // dx = inverse (w dy - x inverse^2 mean(w dy x))
    const float mean = hn::GetLane(hn::SumOfLanes(lanes, dot)) / static_cast<float>(width);
    const auto pull = hn::Set(lanes, mean * inverses[row] * inverses[row]);
    const Elements dx(slot.tensor, row * width, width);
    for (std::size_t c = 0; c < width; c += hn::Lanes(lanes)) {
      const auto slope = hn::Mul(load(dy, c), load(weight, c));
      accumulate(hn::Mul(inverse, hn::NegMulAdd(load(x, c), pull, slope)), dx, c,
                 slot.write == Write::add);
    }
  }
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(rms_norm);
HWY_EXPORT(rms_norm_gradient);

namespace {

void run_rms_norm_gradient(Device& device, const GradientCall& call) {
  const Shape& shape = call.forward.inputs[0].shape();
  const std::size_t grain = rows_per_task(shape.columns());
  const std::size_t ranges = (shape.rows() + grain - 1) / grain;
  const Tensor partials = device.temporary(DType::f32, {ranges, shape.columns()});
  partials.fill_zero();
  parallel_ranges(device, shape.rows(), grain, [&](std::size_t first, std::size_t last) {
    HWY_DYNAMIC_DISPATCH(rms_norm_gradient)(call, first, last, partials.slice(first / grain, 1));
  });
  const GradientSlot& slot = call.of_inputs[1];
  if (!slot.tensor.defined()) return;
  if (slot.write == Write::replace) slot.tensor.fill_zero();
  float* sum = slot.tensor.data<float>();
  const float* partial = partials.data<float>();
  for (std::size_t range = 0; range < ranges; ++range) {
    for (std::size_t c = 0; c < shape.columns(); ++c) {
      sum[c] += *partial++;
    }
  }
}

}  // namespace

extern constinit const KernelSpec kernel_cpu_rms_norm = {
    .op = "rms_norm",
    .device = "cpu",
    .run =
        [](Device& device, const OpCall& call) {
          const Shape& shape = call.inputs[0].shape();
          parallel_ranges(device, shape.rows(), rows_per_task(shape.columns()),
                          [&](std::size_t first, std::size_t last) {
                            HWY_DYNAMIC_DISPATCH(rms_norm)(call, first, last);
                          });
        },
    .run_gradient = run_rms_norm_gradient,
};

}  // namespace aludel::tensor
#endif  // HWY_ONCE
