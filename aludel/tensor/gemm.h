#pragma once

#include <cstddef>
#include <memory>

#include "aludel/base/isa.h"
#include "aludel/tensor/op.h"

namespace aludel::tensor {

/// A matrix somewhere in memory. One of the strides (in elements) is 1.
struct Matrix {
  void* data = nullptr;
  DType type = DType::f32;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t row_stride = 0;
  std::size_t column_stride = 1;

  Matrix transposed() const { return {data, type, columns, rows, column_stride, row_stride}; }
};

/// A tensor as a matrix: the last axis gives the columns.
Matrix matrix_of(const Tensor& tensor);

/// c [M, N] = a [M, K] b [K, N], or += with Write::add; each f32 or bf16, sums in f32.
/// With a bf16 operand on a device with fast bf16 both are taken as bf16, elsewhere both as f32;
/// an operand that must be converted for it is contiguous.
/// Runs as oneDNN products of one thread each on tiles that only the shape decides, so the result
/// does not depend on the number of threads. Not to be called inside a task of the pool.
void gemm(Device& device, const Matrix& a, const Matrix& b, const Matrix& c,
          Write write = Write::replace);

/// Keeps oneDNN at or below `isa`. Call once, before the first product.
void limit_onednn(Isa isa);

/// The products that oneDNN has prepared, by shape.
class MatmulCache {
 public:
  MatmulCache();
  ~MatmulCache();
  MatmulCache(const MatmulCache&) = delete;
  MatmulCache& operator=(const MatmulCache&) = delete;

  struct Products;  // oneDNN's headers stay in gemm.cpp

  Products& products() { return *products_; }

 private:
  std::unique_ptr<Products> products_;
};

}  // namespace aludel::tensor
