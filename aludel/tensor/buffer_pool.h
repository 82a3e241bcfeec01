#pragma once

#include <memory>

#include "aludel/tensor/tensor.h"

namespace aludel::tensor {

/// Hands out tensors whose memory comes back when their last handle goes, so that steps of equal
/// shapes reuse the same pages. Tensors may outlive the pool. Concurrent calls: yes.
class BufferPool {
 public:
  BufferPool();
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  /// The elements are whatever was there before.
  Tensor take(DType type, const Shape& shape);

  /// Bytes that the pool has ever taken from the system, in use or not.
  std::size_t bytes() const;

 private:
  struct Buffers;
  std::shared_ptr<Buffers> buffers_;
};

}  // namespace aludel::tensor
