#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/ops/kernels/cpu/embedding.cpp"
#include <hwy/foreach_target.h>

#include "aludel/tensor/ops/kernels/cpu/simd/lanes-inl.h"
#include "aludel/tensor/parallel.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

void embedding(const OpCall& call, std::size_t first, std::size_t last) {
  const std::size_t width = call.inputs[1].shape().columns();
  const std::int32_t* ids = call.inputs[0].data<std::int32_t>();
  for (std::size_t row = first; row < last; ++row) {
    const auto id = static_cast<std::size_t>(ids[row]);
    const Elements from(call.inputs[1], id * width, width);
    const Elements to(call.outputs[0], row * width, width);
    for (std::size_t c = 0; c < width; c += hn::Lanes(Lanes())) {
      store(load(from, c), to, c);
    }
  }
}

/// Columns [first, last) of the table's gradient, tokens in order.
void embedding_gradient(const GradientCall& call, std::size_t first, std::size_t last) {
  const Tensor& table = call.of_inputs[1].tensor;
  const std::size_t width = table.shape().columns();
  const std::int32_t* ids = call.forward.inputs[0].data<std::int32_t>();
  for (std::size_t row = 0; row < call.of_result.shape().rows(); ++row) {
    const auto id = static_cast<std::size_t>(ids[row]);
    const Elements from(call.of_result, row * width + first, last - first);
    const Elements to(table, id * width + first, last - first);
    for (std::size_t c = 0; c < last - first; c += hn::Lanes(Lanes())) {
      accumulate(load(from, c), to, c, true);
    }
  }
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(embedding);
HWY_EXPORT(embedding_gradient);

extern constinit const KernelSpec kernel_cpu_embedding = {
    .op = "embedding",
    .device = "cpu",
    .run =
        [](Device& device, const OpCall& call) {
          const Shape& shape = call.outputs[0].shape();
          const auto vocabulary = static_cast<std::int32_t>(call.inputs[1].shape().rows());
          for (const std::int32_t id : call.inputs[0].span<std::int32_t>()) {
            ALUDEL_CHECK(id >= 0 && id < vocabulary, "[embedding] id outside the table");
          }
          parallel_ranges(device, shape.rows(), rows_per_task(shape.columns()),
                          [&](std::size_t first, std::size_t last) {
                            HWY_DYNAMIC_DISPATCH(embedding)(call, first, last);
                          });
        },
    .run_gradient =
        [](Device& device, const GradientCall& call) {
          const GradientSlot& slot = call.of_inputs[1];
          if (!slot.tensor.defined()) return;
          if (slot.write == Write::replace) slot.tensor.fill_zero();
          constexpr std::size_t kColumns = 64;  // a task owns them, so no two write one element
          parallel_ranges(device, slot.tensor.shape().columns(), kColumns,
                          [&](std::size_t first, std::size_t last) {
                            HWY_DYNAMIC_DISPATCH(embedding_gradient)(call, first, last);
                          });
        },
};

}  // namespace aludel::tensor
#endif  // HWY_ONCE
