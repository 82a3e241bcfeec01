#include "aludel/tensor/machine_limits.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/machine_limits.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "aludel/base/clock.h"
#include "aludel/tensor/gemm.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Touches every byte of `count` words. REQUIRES: count is a multiple of 4 registers.
std::uint64_t read_words(const std::uint64_t* words, std::size_t count) {
  const hn::ScalableTag<std::uint64_t> lanes;
  const std::size_t step = hn::Lanes(lanes);
  auto a = hn::Zero(lanes);
  auto b = a;
  auto c = a;
  auto d = a;
  for (std::size_t i = 0; i < count; i += 4 * step) {
    a = hn::Xor(a, hn::LoadU(lanes, words + i));
    b = hn::Xor(b, hn::LoadU(lanes, words + i + step));
    c = hn::Xor(c, hn::LoadU(lanes, words + i + 2 * step));
    d = hn::Xor(d, hn::LoadU(lanes, words + i + 3 * step));
  }
  return hn::GetLane(hn::Xor(hn::Xor(a, b), hn::Xor(c, d)));
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(read_words);

namespace {

constexpr int kRepeats = 5;

/// Units per second of the best of a few runs.
template <class Work>
double best_rate(double units, const Work& work) {
  double best = 0;
  for (int i = 0; i < kRepeats; ++i) {
    const double started = now_seconds();
    work();
    best = std::max(best, units / (now_seconds() - started));
  }
  return best;
}

double read_rate(Device& device) {
  constexpr std::size_t kTaskWords = 1 << 18;
  constexpr std::size_t kTasks = 128;
  const Tensor memory = Tensor::zeros(DType::i64, {kTasks * kTaskWords});  // 256 MiB
  const auto* words = static_cast<const std::uint64_t*>(memory.raw());
  std::vector<std::uint64_t> sums(kTasks);
  return best_rate(static_cast<double>(memory.bytes()) / 1e9, [&] {
    device.threads().parallel_for(kTasks, [&](std::size_t task) {
      sums[task] = HWY_DYNAMIC_DISPATCH(read_words)(words + task * kTaskWords, kTaskWords);
    });
  });
}

double product_rate(Device& device, DType type) {
  constexpr std::size_t kSize = 768;
  const Tensor a = Tensor::zeros(type, {kSize, kSize});
  const Tensor b = Tensor::zeros(type, {kSize, kSize});
  const Tensor c = Tensor::zeros(DType::f32, {kSize, kSize});
  const double flops = 2.0 * kSize * kSize * kSize;
  return best_rate(flops / 1e9,
                   [&] { gemm(device, matrix_of(a), matrix_of(b).transposed(), matrix_of(c)); });
}

}  // namespace

MachineLimits measure_machine(Device& device) {
  return {.read_gigabytes_per_second = read_rate(device),
          .f32_gigaflops = product_rate(device, DType::f32),
          .bf16_gigaflops = product_rate(device, DType::bf16)};
}

}  // namespace aludel::tensor
#endif
