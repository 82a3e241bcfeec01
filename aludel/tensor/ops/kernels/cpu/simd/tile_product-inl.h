// Products of small f32 matrices in cache; included once per target.
#if defined(ALUDEL_TILE_PRODUCT_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ALUDEL_TILE_PRODUCT_INL_H
#undef ALUDEL_TILE_PRODUCT_INL_H
#else
#define ALUDEL_TILE_PRODUCT_INL_H
#endif

#include <hwy/highway.h>

// A loop over registers must be unrolled, or its accumulators live in memory.
#ifndef ALUDEL_UNROLL
#ifdef __clang__
#define ALUDEL_UNROLL _Pragma("clang loop unroll(full)")
#else
#define ALUDEL_UNROLL _Pragma("GCC unroll 16")
#endif
#endif

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// c [rows, columns] = a [rows, depth] b [depth, columns], or += it. a is read one element at a
/// time through two strides, so it may be transposed; rows of b and c are contiguous.
/// REQUIRES: columns is a multiple of 16.
struct TileProduct {
  const float* a;
  std::size_t a_row;
  std::size_t a_column;
  const float* b;
  std::size_t b_row;
  float* c;
  std::size_t c_row;
  std::size_t rows;
  std::size_t columns;
  std::size_t depth;
  bool add;
};

/// kRows rows and kVectors vectors of c, held in registers.
template <std::size_t kRows, std::size_t kVectors>
HWY_INLINE void multiply_block(const TileProduct& p, std::size_t row, std::size_t column) {
  const hn::ScalableTag<float> lanes;
  const std::size_t size = hn::Lanes(lanes);
  hn::Vec<decltype(lanes)> sums[kRows][kVectors];
  float* c = p.c + row * p.c_row + column;
  ALUDEL_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    ALUDEL_UNROLL
    for (std::size_t v = 0; v < kVectors; ++v) {
      sums[r][v] = p.add ? hn::LoadU(lanes, c + r * p.c_row + v * size) : hn::Zero(lanes);
    }
  }
  const float* a = p.a + row * p.a_row;
  const float* b = p.b + column;
  for (std::size_t k = 0; k < p.depth; ++k) {
    hn::Vec<decltype(lanes)> right[kVectors];
    ALUDEL_UNROLL
    for (std::size_t v = 0; v < kVectors; ++v) {
      right[v] = hn::LoadU(lanes, b + v * size);
    }
    ALUDEL_UNROLL
    for (std::size_t r = 0; r < kRows; ++r) {
      const auto left = hn::Set(lanes, a[r * p.a_row]);
      ALUDEL_UNROLL
      for (std::size_t v = 0; v < kVectors; ++v) {
        sums[r][v] = hn::MulAdd(left, right[v], sums[r][v]);
      }
    }
    a += p.a_column;
    b += p.b_row;
  }
  ALUDEL_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    ALUDEL_UNROLL
    for (std::size_t v = 0; v < kVectors; ++v) {
      hn::StoreU(sums[r][v], lanes, c + r * p.c_row + v * size);
    }
  }
}

template <std::size_t kVectors>
HWY_INLINE void multiply_columns(const TileProduct& p, std::size_t column) {
  constexpr std::size_t kRows = 6;  // 12 accumulators: what 16 registers hold
  std::size_t row = 0;
  for (; row + kRows <= p.rows; row += kRows) {
    multiply_block<kRows, kVectors>(p, row, column);
  }
  for (; row + 2 <= p.rows; row += 2) {
    multiply_block<2, kVectors>(p, row, column);
  }
  if (row < p.rows) multiply_block<1, kVectors>(p, row, column);
}

HWY_INLINE void multiply_tile(const TileProduct& p) {
  const std::size_t size = hn::Lanes(hn::ScalableTag<float>());
  std::size_t column = 0;
  for (; column + 2 * size <= p.columns; column += 2 * size) {
    multiply_columns<2>(p, column);
  }
  for (; column < p.columns; column += size) {
    multiply_columns<1>(p, column);
  }
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#endif  // ALUDEL_TILE_PRODUCT_INL_H
