#include "aludel/tensor/buffer_pool.h"

#include <map>
#include <mutex>

namespace aludel::tensor {

struct BufferPool::Buffers {
  std::mutex mutex;
  std::multimap<std::size_t, Tensor> free;  // by size in bytes
  std::size_t bytes = 0;

  /// The smallest free buffer that fits without wasting more than half, or a new one.
  Tensor take(std::size_t size) {
    const std::lock_guard lock(mutex);
    const auto found = free.lower_bound(size);
    if (found != free.end() && found->first / 2 <= size) return free.extract(found).mapped();
    bytes += size;
    return Tensor::empty(DType::u8, {size});
  }

  void give_back(const Tensor& buffer) {
    const std::lock_guard lock(mutex);
    free.emplace(buffer.bytes(), buffer);
  }
};

BufferPool::BufferPool() : buffers_(std::make_shared<Buffers>()) {}

BufferPool::~BufferPool() = default;

Tensor BufferPool::take(DType type, const Shape& shape) {
  constexpr std::size_t kGrain = 4096;
  const std::size_t size = shape.elements() * size_bytes(type) / kGrain * kGrain + kGrain;
  const Tensor buffer = buffers_->take(size);
  const std::shared_ptr<void> lease(
      buffer.raw(), [buffers = buffers_, buffer](void*) { buffers->give_back(buffer); });
  return Tensor::wrap(lease, buffer.raw(), type, shape);
}

std::size_t BufferPool::bytes() const {
  const std::lock_guard lock(buffers_->mutex);
  return buffers_->bytes;
}

}  // namespace aludel::tensor
