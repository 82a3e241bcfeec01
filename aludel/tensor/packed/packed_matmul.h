#pragma once
// y = x Wᵀ for packed W: the matrix products of inference.

#include <cstddef>
#include <span>

#include "aludel/tensor/device.h"
#include "aludel/tensor/packed/packed_kernels.h"

namespace aludel::tensor {

/// Rows of x in the form that matrices of one format and group size multiply with. Keeps its
/// memory from one use to the next.
class PackedRows {
 public:
  /// Prepares x [M, K] of f32 for `weight` and for all of its format and group. For f32 matrices
  /// it only refers to x.
  void prepare(Device& device, std::span<const float> x, std::size_t count,
               const PackedMatrix& weight);

  const RowsView& view() const { return view_; }

 private:
  RowsView view_;
  Tensor values_;
  Tensor scales_;
  Tensor sums_;
};

/// One product: y [M, N] with y_stride elements from row to row.
struct PackedProduct {
  const PackedMatrix* weight = nullptr;
  float* y = nullptr;
  std::size_t y_stride = 0;
};

/// Runs the products of the same rows, all at once. A row of y depends on its row of x and on W
/// only: not on M, the other products or the number of threads.
/// REQUIRES: matrices of the format, group and K that the rows were prepared for.
void multiply(Device& device, const PackedRows& rows, std::span<const PackedProduct> products);

}  // namespace aludel::tensor
