// Products with bf16 matrices by vdpbf16ps: two neighbours along K at a time.

#include <cstring>

// GCC 12 takes the undefined operands inside its own intrinsics for mistakes (bug 105593).
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include "aludel/tensor/packed/packed_kernels.h"

#define ALUDEL_BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))

namespace aludel::tensor {
namespace {

constexpr std::size_t kRows = PackedMatrix::kPanelRows;
constexpr std::size_t kStepBytes = kRows * 4;

template <std::size_t kTile, std::size_t kPanels>
ALUDEL_BF16 inline void run_tile(const PackedTile& tile, std::size_t panel, std::size_t m) {
  const PackedMatrix& weight = *tile.weight;
  const auto* x = static_cast<const Bf16*>(tile.rows.values) + m * tile.rows.row_elements;
  const std::uint8_t* weights[kPanels];
  for (std::size_t p = 0; p < kPanels; ++p)
    weights[p] = weight.panel(panel + p);
  __m512 sums[kTile][kPanels];
  for (auto& row : sums) {
    for (__m512& sum : row)
      sum = _mm512_setzero_ps();
  }
  const std::size_t steps = (weight.columns() + 1) / 2;
  for (std::size_t step = 0; step < steps; ++step) {
    __m512bh pairs[kPanels];
#pragma GCC unroll 4
    for (std::size_t p = 0; p < kPanels; ++p) {
      pairs[p] = reinterpret_cast<__m512bh>(_mm512_loadu_si512(weights[p] + step * kStepBytes));
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kTile; ++i) {
      std::int32_t pair = 0;
      std::memcpy(&pair, x + i * tile.rows.row_elements + step * 2, sizeof pair);
      const auto values = reinterpret_cast<__m512bh>(_mm512_set1_epi32(pair));
#pragma GCC unroll 4
      for (std::size_t p = 0; p < kPanels; ++p)
        sums[i][p] = _mm512_dpbf16_ps(sums[i][p], values, pairs[p]);
    }
  }
  for (std::size_t p = 0; p < kPanels; ++p) {
    const std::size_t n = (panel + p) * kRows;
    const std::size_t lanes = std::min(kRows, weight.rows() - n);
    const auto mask = static_cast<__mmask16>((1U << lanes) - 1);
    for (std::size_t i = 0; i < kTile; ++i) {
      _mm512_mask_storeu_ps(tile.y + (m + i) * tile.y_stride + n, mask, sums[i][p]);
    }
  }
}

template <std::size_t kPanels>
ALUDEL_BF16 inline void run_panels(const PackedTile& tile, std::size_t panel) {
  std::size_t m = 0;
  if constexpr (kPanels <= 2) {
    for (; m + 8 <= tile.rows.count; m += 8)
      run_tile<8, kPanels>(tile, panel, m);
  }
  for (; m + 4 <= tile.rows.count; m += 4)
    run_tile<4, kPanels>(tile, panel, m);
  for (; m < tile.rows.count; ++m)
    run_tile<1, kPanels>(tile, panel, m);
}

ALUDEL_BF16 void multiply_bf16(const PackedTile& tile) {
  std::size_t p = tile.first_panel;
  const std::size_t end = p + tile.panel_count;
  if (tile.rows.count < 8) {
    for (; p + 4 <= end; p += 4)
      run_panels<4>(tile, p);
  }
  for (; p + 2 <= end; p += 2)
    run_panels<2>(tile, p);
  for (; p < end; ++p)
    run_panels<1>(tile, p);
}

}  // namespace

const PackedKernels kPackedVnniBf16 = {
    .name = "avx512_vnni_bf16",
    .f32 = [](const PackedTile& tile) { kPackedHighway.f32(tile); },
    .bf16 = multiply_bf16,
    .q8 = [](const PackedTile& tile) { kPackedVnni.q8(tile); },
    .q4 = [](const PackedTile& tile) { kPackedVnni.q4(tile); },
};

}  // namespace aludel::tensor
