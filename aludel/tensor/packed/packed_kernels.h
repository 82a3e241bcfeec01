#pragma once
// The inner loops of products with a packed matrix, one table per instruction set.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/isa.h"
#include "aludel/tensor/packed/packed_matrix.h"

namespace aludel::tensor {

/// Rows of x, in the form that a format's kernel reads. K is the padded row length in elements.
struct RowsView {
  const void* values = nullptr;   // [M, K] of f32, bf16 (K even) or i8
  const float* scales = nullptr;  // i8: [M, K / group], x = scale * value
  const float* sums = nullptr;    // i8: [M, K / group], the sum of the group's values
  std::size_t row_elements = 0;   // from one row to the next
  std::size_t count = 0;          // M
};

/// y[m, n] for all rows m and the rows n of some panels. The sum over K has one order, whatever M,
/// the panels and the tile sizes: a row of y depends on its row of x only.
struct PackedTile {
  const PackedMatrix* weight = nullptr;
  std::size_t first_panel = 0;
  std::size_t panel_count = 0;
  RowsView rows;
  float* y = nullptr;        // y[0, 0] of the whole product
  std::size_t y_stride = 0;  // elements from one row of y to the next
};

/// The kernels of one instruction set, and the preparation of rows.
struct PackedKernels {
  std::string_view name;
  void (*f32)(const PackedTile& tile);
  void (*bf16)(const PackedTile& tile);
  void (*q8)(const PackedTile& tile);
  void (*q4)(const PackedTile& tile);
};

/// Slow, plain and the meaning of the others.
extern const PackedKernels kPackedReference;

/// Portable SIMD, at the target that Highway chose.
extern const PackedKernels kPackedHighway;

/// By hand; what one lacks is Highway's. packed_kernels() knows which CPUs run them.
extern const PackedKernels kPackedVnni;
extern const PackedKernels kPackedVnniBf16;

/// The fastest that `isa` allows and this CPU has.
const PackedKernels& packed_kernels(Isa isa);

/// One row of x in whole numbers: per group x = scale * q, |q| <= 127, and the sum of the q.
/// REQUIRES: columns is a multiple of group, group of 32.
void quantise_row(const float* x, std::size_t columns, std::size_t group, std::int8_t* q,
                  float* scales, float* sums);

/// One row of x in bf16, to nearest even.
void round_row(const float* x, std::size_t columns, Bf16* rounded);

}  // namespace aludel::tensor
