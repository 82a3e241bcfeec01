#include "aludel/train/throughput.h"

#include <algorithm>
#include <limits>

#include "aludel/base/clock.h"
#include "aludel/tensor/gemm.h"

namespace aludel::train {

double training_flop(const models::ModelConfig& config, const Batch& batch) {
  const auto table = static_cast<double>(config.vocabulary * config.width);
  const double weights =
      static_cast<double>(config.parameter_count()) - (config.tied_embeddings ? 0 : table);
  double flop = 6 * weights * static_cast<double>(batch.ids.size());
  for (const std::int32_t length : batch.pieces) {
    flop += 6 * static_cast<double>(config.blocks * config.width) * length * length;
  }
  return flop;
}

double measured_matmul_flop_per_second(tensor::Device& device, tensor::DType type) {
  constexpr std::size_t kSize = 1024;
  constexpr int kRepeats = 8;
  const auto a = tensor::Tensor::zeros(type, {kSize, kSize});
  const auto b = tensor::Tensor::zeros(type, {kSize, kSize});
  const auto c = tensor::Tensor::zeros(tensor::DType::f32, {kSize, kSize});
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kRepeats; ++i) {
    const double started = now_seconds();
    tensor::gemm(device, tensor::matrix_of(a), tensor::matrix_of(b), tensor::matrix_of(c));
    best = std::min(best, now_seconds() - started);
  }
  return 2.0 * kSize * kSize * kSize / best;
}

}  // namespace aludel::train
