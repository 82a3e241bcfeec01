#include "aludel/tensor/packed/packed_matmul.h"

#include <algorithm>

#include "aludel/base/check.h"

namespace aludel::tensor {
namespace {

/// Multiplications that are worth a task of their own.
constexpr std::size_t kTaskWork = std::size_t{128} << 10;

constexpr std::size_t kMostPanels = 64;  // of one task: x stays in the nearest caches

/// Memory for `count` elements, that of before where it is enough.
template <class T>
T* reserve(Tensor& memory, std::size_t count) {
  const std::size_t bytes = count * sizeof(T);
  if (!memory.defined() || memory.bytes() < bytes) memory = Tensor::empty(DType::u8, {bytes});
  return static_cast<T*>(memory.raw());
}

void run_kernel(const PackedKernels& kernels, const PackedTile& tile) {
  switch (tile.weight->format()) {
    case PackedFormat::f32:
      return kernels.f32(tile);
    case PackedFormat::bf16:
      return kernels.bf16(tile);
    case PackedFormat::q8:
      return kernels.q8(tile);
    case PackedFormat::q4:
      return kernels.q4(tile);
  }
}

}  // namespace

const PackedKernels& packed_kernels(Isa isa) {
  if (isa == Isa::scalar) return kPackedReference;
  const bool vnni = isa >= Isa::avx512 && __builtin_cpu_supports("avx512vnni");
  if (!vnni) return kPackedHighway;
  return isa >= Isa::avx512_bf16 ? kPackedVnniBf16 : kPackedVnni;
}

void PackedRows::prepare(Device& device, std::span<const float> x, std::size_t count,
                         const PackedMatrix& weight) {
  const std::size_t columns = weight.columns();
  ALUDEL_CHECK(x.size() == count * columns, "[packed] rows of another width");
  view_ = {.values = x.data(), .row_elements = columns, .count = count};
  if (weight.format() == PackedFormat::f32) return;
  Threads& threads = device.threads();
  if (weight.format() == PackedFormat::bf16) {
    const std::size_t padded = (columns + 1) / 2 * 2;
    auto* values = reserve<Bf16>(values_, count * padded);
    threads.parallel_for(count, [&](std::size_t m) {
      round_row(x.data() + m * columns, columns, values + m * padded);
      if (padded > columns) values[m * padded + columns] = {};
    });
    view_.values = values;
    view_.row_elements = padded;
    return;
  }
  const std::size_t groups = columns / weight.group();
  auto* values = reserve<std::int8_t>(values_, count * columns);
  auto* scales = reserve<float>(scales_, count * groups);
  auto* sums = reserve<float>(sums_, count * groups);
  threads.parallel_for(count, [&](std::size_t m) {
    quantise_row(x.data() + m * columns, columns, weight.group(), values + m * columns,
                 scales + m * groups, sums + m * groups);
  });
  view_.values = values;
  view_.scales = scales;
  view_.sums = sums;
}

void multiply(Device& device, const PackedRows& rows, std::span<const PackedProduct> products) {
  const RowsView& view = rows.view();
  if (view.count == 0 || products.empty()) return;
  std::size_t panels = 0;
  for (const PackedProduct& product : products) {
    ALUDEL_CHECK(product.weight->format() == products[0].weight->format() &&
                     product.weight->group() == products[0].weight->group() &&
                     product.weight->columns() == products[0].weight->columns(),
                 "[packed] products of differently prepared rows");
    panels += product.weight->panels();
  }
  const std::size_t panel_work =
      products[0].weight->columns() * PackedMatrix::kPanelRows * view.count;
  const std::size_t wanted = (kTaskWork + panel_work - 1) / panel_work;
  const std::size_t fair = panels / static_cast<std::size_t>(device.threads().count()) / 4;
  const std::size_t share = std::clamp<std::size_t>(std::max(wanted, std::min(fair, kMostPanels)),
                                                    4, std::max<std::size_t>(4, panels));
  const PackedKernels& kernels = packed_kernels(device.isa());
  device.threads().parallel_for((panels + share - 1) / share, [&](std::size_t task) {
    std::size_t first = task * share;
    std::size_t left = std::min(share, panels - first);
    for (const PackedProduct& product : products) {
      const std::size_t own = product.weight->panels();
      const std::size_t count = first < own ? std::min(left, own - first) : 0;
      if (count > 0) {
        run_kernel(kernels, {.weight = product.weight,
                             .first_panel = first,
                             .panel_count = count,
                             .rows = view,
                             .y = product.y,
                             .y_stride = product.y_stride});
      }
      left -= count;
      first = first + count >= own ? first + count - own : 0;
      if (left == 0) return;
    }
  });
}

}  // namespace aludel::tensor
