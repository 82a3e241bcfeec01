// Products with quantised matrices by vpdpbusd: unsigned weights, signed activations.

#include <cstring>

// GCC 12 takes the undefined operands inside its own intrinsics for mistakes (bug 105593).
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include "aludel/tensor/packed/packed_kernels.h"

#define ALUDEL_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

namespace aludel::tensor {
namespace {

constexpr std::size_t kRows = PackedMatrix::kPanelRows;
constexpr std::size_t kStepBytes = kRows * 4;

struct VnniTile {
  const std::uint8_t* weights[4];
  const Bf16* scales[4];
  const std::int8_t* x;
  std::size_t row_elements;
  const float* x_scales;
  const float* x_sums;
  std::size_t group;
  std::size_t groups;
};

ALUDEL_VNNI inline __m512i broadcast_four(const std::int8_t* values) {
  std::int32_t word = 0;
  std::memcpy(&word, values, sizeof word);
  return _mm512_set1_epi32(word);
}

ALUDEL_VNNI inline __m512 load_scales(const Bf16* scales) {
  const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(scales));
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
}

/// kTile rows of x against kPanels panels: enough chains of additions to keep the unit busy, few
/// enough to stay in registers.
template <PackedFormat format, std::size_t kTile, std::size_t kPanels>
// NOLINTNEXTLINE(readability-function-cognitive-complexity): one nest of loops over registers
ALUDEL_VNNI inline void multiply_tile(const VnniTile& tile, __m512 (&sums)[kTile][kPanels]) {
  constexpr std::size_t kStep = format == PackedFormat::q8 ? 4 : 8;
  const __m512i low_half = _mm512_set1_epi8(0x0F);
  for (auto& row : sums) {
    for (__m512& sum : row)
      sum = _mm512_setzero_ps();
  }
  std::size_t offset = 0;
  for (std::size_t g = 0; g < tile.groups; ++g) {
    __m512i dots[kTile][kPanels];
    for (auto& row : dots) {
      for (__m512i& dot : row)
        dot = _mm512_setzero_si512();
    }
    const std::int8_t* x = tile.x + g * tile.group;
    for (std::size_t k = 0; k < tile.group; k += kStep, offset += kStepBytes) {
      __m512i first[kPanels];
      __m512i second[kPanels];
#pragma GCC unroll 4
      for (std::size_t p = 0; p < kPanels; ++p) {
        first[p] = _mm512_loadu_si512(tile.weights[p] + offset);
        if constexpr (format == PackedFormat::q4) {
          second[p] = _mm512_and_si512(_mm512_srli_epi16(first[p], 4), low_half);
          first[p] = _mm512_and_si512(first[p], low_half);
        }
      }
#pragma GCC unroll 8
      for (std::size_t i = 0; i < kTile; ++i) {
        const std::int8_t* values = x + i * tile.row_elements + k;
        const __m512i four = broadcast_four(values);
#pragma GCC unroll 4
        for (std::size_t p = 0; p < kPanels; ++p)
          dots[i][p] = _mm512_dpbusd_epi32(dots[i][p], first[p], four);
        if constexpr (format == PackedFormat::q4) {
          const __m512i next = broadcast_four(values + 4);
#pragma GCC unroll 4
          for (std::size_t p = 0; p < kPanels; ++p) {
            dots[i][p] = _mm512_dpbusd_epi32(dots[i][p], second[p], next);
          }
        }
      }
    }
#pragma GCC unroll 4
    for (std::size_t p = 0; p < kPanels; ++p) {
      const __m512 scale = load_scales(tile.scales[p] + g * 2 * kRows);
      const __m512 shift = load_scales(tile.scales[p] + (g * 2 + 1) * kRows);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < kTile; ++i) {
        const std::size_t at = i * tile.groups + g;
        const __m512 dot = _mm512_cvtepi32_ps(dots[i][p]);
        const __m512 value =
            _mm512_fmadd_ps(shift, _mm512_set1_ps(tile.x_sums[at]), _mm512_mul_ps(scale, dot));
        sums[i][p] = _mm512_fmadd_ps(_mm512_set1_ps(tile.x_scales[at]), value, sums[i][p]);
      }
    }
  }
}

template <PackedFormat format, std::size_t kTile, std::size_t kPanels>
ALUDEL_VNNI inline void run_tile(const PackedTile& tile, std::size_t panel, std::size_t m) {
  const PackedMatrix& weight = *tile.weight;
  const std::size_t groups = weight.columns() / weight.group();
  VnniTile inner{
      .weights = {},
      .scales = {},
      .x = static_cast<const std::int8_t*>(tile.rows.values) + m * tile.rows.row_elements,
      .row_elements = tile.rows.row_elements,
      .x_scales = tile.rows.scales + m * groups,
      .x_sums = tile.rows.sums + m * groups,
      .group = weight.group(),
      .groups = groups};
  for (std::size_t p = 0; p < kPanels; ++p) {
    inner.weights[p] = weight.panel(panel + p);
    inner.scales[p] = weight.scales_of(panel + p);
  }
  __m512 sums[kTile][kPanels];
  multiply_tile<format, kTile, kPanels>(inner, sums);
  for (std::size_t p = 0; p < kPanels; ++p) {
    const std::size_t n = (panel + p) * kRows;
    const std::size_t lanes = std::min(kRows, weight.rows() - n);
    const auto mask = static_cast<__mmask16>((1U << lanes) - 1);
    for (std::size_t i = 0; i < kTile; ++i) {
      _mm512_mask_storeu_ps(tile.y + (m + i) * tile.y_stride + n, mask, sums[i][p]);
    }
  }
}

template <PackedFormat format, std::size_t kPanels>
ALUDEL_VNNI inline void run_panels(const PackedTile& tile, std::size_t panel) {
  std::size_t m = 0;
  if constexpr (kPanels == 1) {
    for (; m + 8 <= tile.rows.count; m += 8)
      run_tile<format, 8, kPanels>(tile, panel, m);
  }
  for (; m + 4 <= tile.rows.count; m += 4)
    run_tile<format, 4, kPanels>(tile, panel, m);
  for (; m < tile.rows.count; ++m)
    run_tile<format, 1, kPanels>(tile, panel, m);
}

template <PackedFormat format>
ALUDEL_VNNI void multiply(const PackedTile& tile) {
  std::size_t p = tile.first_panel;
  const std::size_t end = p + tile.panel_count;
  if (tile.rows.count < 4) {
    for (; p + 4 <= end; p += 4)
      run_panels<format, 4>(tile, p);
  }
  for (; p + 2 <= end; p += 2)
    run_panels<format, 2>(tile, p);
  for (; p < end; ++p)
    run_panels<format, 1>(tile, p);
}

}  // namespace

const PackedKernels kPackedVnni = {
    .name = "avx512_vnni",
    .f32 = [](const PackedTile& tile) { kPackedHighway.f32(tile); },
    .bf16 = [](const PackedTile& tile) { kPackedHighway.bf16(tile); },
    .q8 = multiply<PackedFormat::q8>,
    .q4 = multiply<PackedFormat::q4>,
};

}  // namespace aludel::tensor
