#include <cstring>

#include "aludel/base/check.h"
#include "aludel/tensor/packed/packed_kernels.h"

namespace aludel::tensor {
namespace {

constexpr std::size_t kRows = PackedMatrix::kPanelRows;

template <class T>
T load(const std::uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

/// Calls body(panel bytes, m, lane) and stores what it returns at y[m, n].
template <class Body>
void for_each_element(const PackedTile& tile, const Body& body) {
  for (std::size_t p = tile.first_panel; p < tile.first_panel + tile.panel_count; ++p) {
    const std::size_t lanes = std::min(kRows, tile.weight->rows() - p * kRows);
    for (std::size_t m = 0; m < tile.rows.count; ++m) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        tile.y[m * tile.y_stride + p * kRows + lane] = body(p, m, lane);
      }
    }
  }
}

void multiply_f32(const PackedTile& tile) {
  for_each_element(tile, [&](std::size_t p, std::size_t m, std::size_t lane) {
    const auto* x = static_cast<const float*>(tile.rows.values) + m * tile.rows.row_elements;
    const std::uint8_t* w = tile.weight->panel(p) + lane * sizeof(float);
    float sum = 0;
    for (std::size_t k = 0; k < tile.weight->columns(); ++k) {
      sum += x[k] * load<float>(w + k * kRows * sizeof(float));
    }
    return sum;
  });
}

void multiply_bf16(const PackedTile& tile) {
  for_each_element(tile, [&](std::size_t p, std::size_t m, std::size_t lane) {
    const auto* x = static_cast<const Bf16*>(tile.rows.values) + m * tile.rows.row_elements;
    const std::uint8_t* w = tile.weight->panel(p) + lane * 2 * sizeof(Bf16);
    float sum = 0;
    for (std::size_t k = 0; k < tile.weight->columns(); ++k) {
      const Bf16 value = load<Bf16>(w + (k / 2 * kRows * 2 + k % 2) * sizeof(Bf16));
      sum += to_float(x[k]) * to_float(value);
    }
    return sum;
  });
}

template <PackedFormat format>
unsigned element(const std::uint8_t* panel, std::size_t lane, std::size_t k) {
  if constexpr (format == PackedFormat::q8) return panel[(k / 4 * kRows + lane) * 4 + k % 4];
  const unsigned byte = panel[(k / 8 * kRows + lane) * 4 + k % 4];
  return k % 8 >= 4 ? byte >> 4 : byte & 0xFU;
}

/// Per group: scale_x * (scale * sum(q x) + offset * sum(x)), the sums in whole numbers.
template <PackedFormat format>
void multiply_quantised(const PackedTile& tile) {
  const std::size_t group = tile.weight->group();
  const std::size_t groups = tile.weight->columns() / group;
  for_each_element(tile, [&](std::size_t p, std::size_t m, std::size_t lane) {
    const auto* x = static_cast<const std::int8_t*>(tile.rows.values) + m * tile.rows.row_elements;
    const Bf16* scales = tile.weight->scales_of(p) + lane;
    float sum = 0;
    for (std::size_t g = 0; g < groups; ++g) {
      std::int32_t dot = 0;
      for (std::size_t k = g * group; k < (g + 1) * group; ++k) {
        dot += static_cast<std::int32_t>(element<format>(tile.weight->panel(p), lane, k)) * x[k];
      }
      const float scale = to_float(scales[g * 2 * kRows]);
      const float offset = to_float(scales[(g * 2 + 1) * kRows]);
      sum += tile.rows.scales[m * groups + g] *
             (scale * static_cast<float>(dot) + offset * tile.rows.sums[m * groups + g]);
    }
    return sum;
  });
}

}  // namespace

const PackedKernels kPackedReference = {
    .name = "reference",
    .f32 = multiply_f32,
    .bf16 = multiply_bf16,
    .q8 = multiply_quantised<PackedFormat::q8>,
    .q4 = multiply_quantised<PackedFormat::q4>,
};

}  // namespace aludel::tensor
