#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "aludel/base/isa.h"
#include "aludel/base/threads.h"
#include "aludel/tensor/buffer_pool.h"
#include "aludel/tensor/op.h"

namespace aludel::tensor {

class MatmulCache;

/// Where operations run: the pool of threads, the instruction set chosen at start, memory that
/// kernels may scribble on. One caller at a time; `threads` must outlive it.
class Device {
 public:
  Device(Threads& threads, Isa isa);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  std::string_view name() const { return "cpu"; }

  Threads& threads() { return threads_; }

  Isa isa() const { return isa_; }

  /// Whether bf16 matrix products run at twice the speed of f32 here; if not, f32 is the better
  /// compute dtype.
  bool has_fast_bf16() const { return isa_ == Isa::avx512_bf16; }

  /// This device's kernel, or nullptr.
  const KernelSpec* kernel(const OpSpec& op) const;

  /// At least `bytes` of memory at a multiple of 64, for that worker until its next call.
  void* scratch(int worker, std::size_t bytes);

  /// A tensor of undefined elements whose memory is reused when its last handle goes.
  Tensor temporary(DType type, const Shape& shape) { return buffers_.take(type, shape); }

  const BufferPool& buffers() const { return buffers_; }

  /// Matrix products that oneDNN has prepared; see gemm.h.
  MatmulCache& matmuls() { return *matmuls_; }

  /// True the first time it is asked about that operation: for reporting a fallback once.
  bool first_fallback(const OpSpec& op) { return fallbacks_.insert(op.name).second; }

 private:
  Threads& threads_;
  Isa isa_;
  std::vector<Tensor> scratch_;
  BufferPool buffers_;
  std::unique_ptr<MatmulCache> matmuls_;
  std::set<std::string_view> fallbacks_;
};

}  // namespace aludel::tensor
