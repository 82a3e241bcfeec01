// Products with a packed matrix in portable SIMD; see packed_kernels.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/packed/packed_highway.cpp"
#include <hwy/foreach_target.h>
//
#include <algorithm>
#include <cstring>

#include <hwy/highway.h>

#include "aludel/tensor/packed/packed_kernels.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A panel's 16 rows in as many registers as it takes.
using Floats = hn::CappedTag<float, PackedMatrix::kPanelRows>;
using Words = hn::Repartition<std::int32_t, Floats>;
using Shorts = hn::Repartition<std::int16_t, Floats>;
using Bytes = hn::Repartition<std::uint8_t, Floats>;
inline constexpr std::size_t kRows = PackedMatrix::kPanelRows;
inline constexpr std::size_t kLanes = hn::MaxLanes(Floats());
inline constexpr std::size_t kParts = kRows / kLanes;
inline constexpr std::size_t kStepBytes = kRows * 4;  // one step along K of a panel
inline constexpr std::size_t kPartBytes = kLanes * 4;

HWY_INLINE void store(const PackedTile& tile, std::size_t panel, std::size_t m, std::size_t part,
                      hn::Vec<Floats> sum) {
  const Floats d;
  const std::size_t n = panel * kRows + part * kLanes;
  float* target = tile.y + m * tile.y_stride + n;
  if (n + kLanes <= tile.weight->rows()) {
    hn::StoreU(sum, d, target);
  } else if (n < tile.weight->rows()) {
    HWY_ALIGN float lanes[kLanes];
    hn::Store(sum, d, lanes);
    std::memcpy(target, lanes, (tile.weight->rows() - n) * sizeof(float));
  }
}

/// Rows [m, m + kTile) of x against one panel.
template <std::size_t kTile>
HWY_INLINE void tile_f32(const PackedTile& tile, std::size_t panel, std::size_t m) {
  const Floats d;
  const auto* w = reinterpret_cast<const float*>(tile.weight->panel(panel));
  const auto* x = static_cast<const float*>(tile.rows.values) + m * tile.rows.row_elements;
  hn::Vec<Floats> sums[kTile][kParts];
  for (auto& row : sums) {
    for (auto& sum : row)
      sum = hn::Zero(d);
  }
  for (std::size_t k = 0; k < tile.weight->columns(); ++k) {
#pragma GCC unroll 4
    for (std::size_t part = 0; part < kParts; ++part) {
      const auto weights = hn::LoadU(d, w + k * kRows + part * kLanes);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < kTile; ++i) {
        const auto values = hn::Set(d, x[i * tile.rows.row_elements + k]);
        sums[i][part] = hn::MulAdd(values, weights, sums[i][part]);
      }
    }
  }
  for (std::size_t i = 0; i < kTile; ++i) {
    for (std::size_t part = 0; part < kParts; ++part)
      store(tile, panel, m + i, part, sums[i][part]);
  }
}

template <std::size_t kTile>
HWY_INLINE void tile_bf16(const PackedTile& tile, std::size_t panel, std::size_t m) {
  const Floats d;
  const Words dw;
  const std::uint8_t* w = tile.weight->panel(panel);
  const auto* x = static_cast<const Bf16*>(tile.rows.values) + m * tile.rows.row_elements;
  const auto high_half = hn::Set(dw, static_cast<std::int32_t>(0xFFFF0000U));
  hn::Vec<Floats> sums[kTile][kParts];
  for (auto& row : sums) {
    for (auto& sum : row)
      sum = hn::Zero(d);
  }
  for (std::size_t k = 0; k < tile.weight->columns(); k += 2, w += kStepBytes) {
#pragma GCC unroll 4
    for (std::size_t part = 0; part < kParts; ++part) {
      const auto pairs =
          hn::LoadU(dw, reinterpret_cast<const std::int32_t*>(w + part * kPartBytes));
      const auto first = hn::BitCast(d, hn::ShiftLeft<16>(pairs));
      const auto second = hn::BitCast(d, hn::And(pairs, high_half));
#pragma GCC unroll 8
      for (std::size_t i = 0; i < kTile; ++i) {
        const Bf16* pair = x + i * tile.rows.row_elements + k;
        sums[i][part] = hn::MulAdd(hn::Set(d, to_float(pair[0])), first, sums[i][part]);
        sums[i][part] = hn::MulAdd(hn::Set(d, to_float(pair[1])), second, sums[i][part]);
      }
    }
  }
  for (std::size_t i = 0; i < kTile; ++i) {
    for (std::size_t part = 0; part < kParts; ++part)
      store(tile, panel, m + i, part, sums[i][part]);
  }
}

#if HWY_TARGET != HWY_SCALAR  // its one lane cannot hold four bytes: the reference runs
/// dots += the products of four neighbours along K: of bytes 0 and 2 of each word, then 1 and 3.
HWY_INLINE void add_products(hn::Vec<Bytes> weights, hn::Vec<Words> values, hn::Vec<Words>& dots,
                             hn::Vec<Words>& more) {
  const Words dw;
  const Shorts ds;
  const hn::RebindToUnsigned<Shorts> du;
  const auto bytes = hn::BitCast(du, weights);
  const auto shorts = hn::BitCast(ds, values);
  const auto even_weights = hn::BitCast(ds, hn::And(bytes, hn::Set(du, 0x00FF)));
  const auto odd_weights = hn::BitCast(ds, hn::ShiftRight<8>(bytes));
  const auto even_values = hn::ShiftRight<8>(hn::ShiftLeft<8>(shorts));
  const auto odd_values = hn::ShiftRight<8>(shorts);
  dots = hn::ReorderWidenMulAccumulate(dw, even_weights, even_values, dots, more);
  dots = hn::ReorderWidenMulAccumulate(dw, odd_weights, odd_values, dots, more);
}

HWY_INLINE hn::Vec<Words> broadcast_four(const std::int8_t* values) {
  std::int32_t word = 0;
  std::memcpy(&word, values, sizeof word);
  return hn::Set(Words(), word);
}

HWY_INLINE hn::Vec<Floats> load_scales(const Bf16* scales) {
  const Floats d;
  const hn::Rebind<std::uint16_t, Floats> dh;
  const auto bits = hn::LoadU(dh, reinterpret_cast<const std::uint16_t*>(scales));
  return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(Words(), bits)));
}

/// One register of a panel's rows; the order of additions is that of the reference.
template <PackedFormat format, std::size_t kTile>
HWY_INLINE void tile_quantised(const PackedTile& tile, std::size_t panel, std::size_t m,
                               std::size_t part) {
  const Floats d;
  const Words dw;
  const Bytes db;
  const std::size_t group = tile.weight->group();
  const std::size_t groups = tile.weight->columns() / group;
  const std::uint8_t* w = tile.weight->panel(panel) + part * kPartBytes;
  const Bf16* scales = tile.weight->scales_of(panel) + part * kLanes;
  const auto* x = static_cast<const std::int8_t*>(tile.rows.values) + m * tile.rows.row_elements;
  hn::Vec<Floats> sums[kTile];
  for (auto& sum : sums)
    sum = hn::Zero(d);
  for (std::size_t g = 0; g < groups; ++g) {
    hn::Vec<Words> dots[kTile];
    hn::Vec<Words> more[kTile];
    for (std::size_t i = 0; i < kTile; ++i)
      dots[i] = more[i] = hn::Zero(dw);
    for (std::size_t k = g * group; k < (g + 1) * group; w += kStepBytes) {
      const auto weights = hn::LoadU(db, w);
      const auto first = format == PackedFormat::q8 ? weights : hn::And(weights, hn::Set(db, 0x0F));
#pragma GCC unroll 4
      for (std::size_t i = 0; i < kTile; ++i) {
        const std::int8_t* values = x + i * tile.rows.row_elements + k;
        add_products(first, broadcast_four(values), dots[i], more[i]);
        if constexpr (format == PackedFormat::q4) {
          const hn::Repartition<std::uint16_t, Bytes> du;
          const auto second = hn::And(hn::BitCast(db, hn::ShiftRight<4>(hn::BitCast(du, weights))),
                                      hn::Set(db, 0x0F));
          add_products(second, broadcast_four(values + 4), dots[i], more[i]);
        }
      }
      k += format == PackedFormat::q8 ? 4 : 8;
    }
    const auto scale = load_scales(scales + g * 2 * kRows);
    const auto offset = load_scales(scales + (g * 2 + 1) * kRows);
    for (std::size_t i = 0; i < kTile; ++i) {
      const std::size_t at = (m + i) * groups + g;
      const auto dot = hn::ConvertTo(d, hn::RearrangeToOddPlusEven(dots[i], more[i]));
      const auto value = hn::MulAdd(offset, hn::Set(d, tile.rows.sums[at]), hn::Mul(scale, dot));
      sums[i] = hn::MulAdd(hn::Set(d, tile.rows.scales[at]), value, sums[i]);
    }
  }
  for (std::size_t i = 0; i < kTile; ++i)
    store(tile, panel, m + i, part, sums[i]);
}

#endif

template <PackedFormat format, std::size_t kTile>
HWY_INLINE void run_tile(const PackedTile& tile, std::size_t panel, std::size_t m) {
  if constexpr (format == PackedFormat::f32) {
    tile_f32<kTile>(tile, panel, m);
  } else if constexpr (format == PackedFormat::bf16) {
    tile_bf16<kTile>(tile, panel, m);
  } else {
#if HWY_TARGET != HWY_SCALAR
    for (std::size_t part = 0; part < kParts; ++part) {
      tile_quantised<format, kTile>(tile, panel, m, part);
    }
#endif
  }
}

template <PackedFormat format>
void multiply(const PackedTile& tile) {
  for (std::size_t p = tile.first_panel; p < tile.first_panel + tile.panel_count; ++p) {
    std::size_t m = 0;
    for (; m + 4 <= tile.rows.count; m += 4)
      run_tile<format, 4>(tile, p, m);
    for (; m < tile.rows.count; ++m)
      run_tile<format, 1>(tile, p, m);
  }
}

void multiply_f32(const PackedTile& tile) {
  multiply<PackedFormat::f32>(tile);
}

void multiply_bf16(const PackedTile& tile) {
  multiply<PackedFormat::bf16>(tile);
}

void multiply_q8(const PackedTile& tile) {
  HWY_TARGET == HWY_SCALAR ? kPackedReference.q8(tile) : multiply<PackedFormat::q8>(tile);
}

void multiply_q4(const PackedTile& tile) {
  HWY_TARGET == HWY_SCALAR ? kPackedReference.q4(tile) : multiply<PackedFormat::q4>(tile);
}

/// x = scale * q, |q| <= 127, the largest value of the group at 127. A group with a value that is
/// not finite gets q = 0 and a scale that is NaN, so that what is made of it is NaN too.
void quantise_row(const float* x, std::size_t columns, std::size_t group, std::int8_t* q,
                  float* scales, float* sums) {
  const Floats d;
  const Words dw;
  const hn::Rebind<std::int8_t, Floats> db;
  for (std::size_t g = 0; g < columns / group; ++g) {
    auto largest = hn::Zero(d);
    auto poison = hn::Zero(d);  // 0 as long as all values are finite, else NaN
    for (std::size_t k = 0; k < group; k += kLanes) {
      const auto values = hn::LoadU(d, x + g * group + k);
      largest = hn::Max(largest, hn::Abs(values));
      poison = hn::Add(poison, hn::Mul(values, hn::Zero(d)));
    }
    if (const float sum = hn::GetLane(hn::SumOfLanes(d, poison)); sum != 0) {
      std::fill_n(q + g * group, group, std::int8_t{0});
      scales[g] = sum;
      sums[g] = 0;
      continue;
    }
    const float range = hn::GetLane(hn::MaxOfLanes(d, largest));
    // A range so small that its inverse overflows counts as none.
    const auto inverse = hn::Set(d, range > kLeastByteRange ? 127.0F / range : 0.0F);
    auto sum = hn::Zero(dw);
    for (std::size_t k = 0; k < group; k += kLanes) {
      const auto value = hn::NearestInt(hn::Mul(hn::LoadU(d, x + g * group + k), inverse));
      sum = hn::Add(sum, value);
      hn::StoreU(hn::DemoteTo(db, value), db, q + g * group + k);
    }
    scales[g] = range / 127.0F;
    sums[g] = static_cast<float>(hn::GetLane(hn::SumOfLanes(dw, sum)));
  }
}

void round_row(const float* x, std::size_t columns, Bf16* rounded) {
  for (std::size_t k = 0; k < columns; ++k)
    rounded[k] = to_bf16(x[k]);
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(multiply_f32);
HWY_EXPORT(multiply_bf16);
HWY_EXPORT(multiply_q8);
HWY_EXPORT(multiply_q4);
HWY_EXPORT(quantise_row);
HWY_EXPORT(round_row);

const PackedKernels kPackedHighway = {
    .name = "highway",
    .f32 =
        [](const PackedTile& tile) {
          HWY_DYNAMIC_DISPATCH(multiply_f32)
          (tile);
        },
    .bf16 =
        [](const PackedTile& tile) {
          HWY_DYNAMIC_DISPATCH(multiply_bf16)
          (tile);
        },
    .q8 =
        [](const PackedTile& tile) {
          HWY_DYNAMIC_DISPATCH(multiply_q8)
          (tile);
        },
    .q4 =
        [](const PackedTile& tile) {
          HWY_DYNAMIC_DISPATCH(multiply_q4)
          (tile);
        },
};

void quantise_row(const float* x, std::size_t columns, std::size_t group, std::int8_t* q,
                  float* scales, float* sums) {
  HWY_DYNAMIC_DISPATCH(quantise_row)(x, columns, group, q, scales, sums);
}

void round_row(const float* x, std::size_t columns, Bf16* rounded) {
  HWY_DYNAMIC_DISPATCH(round_row)(x, columns, rounded);
}

}  // namespace aludel::tensor
#endif
