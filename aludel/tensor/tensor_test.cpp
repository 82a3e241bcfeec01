#include "aludel/tensor/tensor.h"

#include <cmath>
#include <limits>

#include "generated/tensor_ops.h"
#include <gtest/gtest.h>

#include "aludel/tensor/buffer_pool.h"
#include "aludel/tensor/device.h"
#include "aludel/tensor/gemm.h"
#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {
namespace {

TEST(Tensor, ViewsAndSlicesShareStorageAndClonesDoNot) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  const Tensor tensor = Tensor::of(std::span<const float>(values), {2, 3});
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.raw()) % 64, 0U);
  const Tensor copy = tensor.clone();
  const Tensor second = tensor.slice(1, 1);
  EXPECT_EQ(second.shape(), (Shape{1, 3}));
  second.data<float>()[0] = 40;
  EXPECT_EQ(tensor.view({6}).data<float>()[3], 40);
  EXPECT_EQ(copy.data<float>()[3], 4);
  EXPECT_THROW(static_cast<void>(tensor.data<Bf16>()), CheckFailure);
  EXPECT_THROW(static_cast<void>(tensor.slice(1, 2)), CheckFailure);
  EXPECT_THROW(static_cast<void>(tensor.view({5})), CheckFailure);
}

TEST(Bf16, RoundsToNearestEvenAndKeepsNans) {
  EXPECT_EQ(to_float(to_bf16(1.0F)), 1.0F);
  EXPECT_EQ(to_float(to_bf16(1.0F + 0x1p-8F)), 1.0F);              // a tie, down to even
  EXPECT_EQ(to_float(to_bf16(1.0F + 0x3p-8F)), 1.0F + 0x1p-6F);    // a tie, up to even
  EXPECT_EQ(to_float(to_bf16(1.0F + 0x1.1p-8F)), 1.0F + 0x1p-7F);  // above a tie
  EXPECT_TRUE(std::isinf(to_float(to_bf16(std::numeric_limits<float>::max()))));
  EXPECT_TRUE(std::isnan(to_float(to_bf16(std::numeric_limits<float>::quiet_NaN()))));
}

TEST(HalfPrecision, IsReadExactly) {
  EXPECT_EQ(half_to_float(0x3C00), 1.0F);
  EXPECT_EQ(half_to_float(0xC000), -2.0F);
  EXPECT_EQ(half_to_float(0x0001), 0x1p-24F);
  EXPECT_EQ(half_to_float(0x7BFF), 65504.0F);
  EXPECT_TRUE(std::isinf(half_to_float(0xFC00)));
}

TEST(BufferPool, ReusesWhatWasGivenBackAndOutlivesItself) {
  Tensor survivor;
  {
    BufferPool pool;
    const Tensor held = pool.take(DType::f32, {1000});
    void* first = nullptr;
    {
      const Tensor tensor = pool.take(DType::f32, {1000});
      first = tensor.raw();
      EXPECT_NE(first, held.raw());
    }
    survivor = pool.take(DType::bf16, {1500});
    EXPECT_EQ(survivor.raw(), first);
  }
  survivor.fill_zero();
  EXPECT_EQ(survivor.data<Bf16>()[1499].bits, 0);
}

// Training must not depend on the number of workers: the same bits for 1, 2 and 7.
TEST(Operations, GiveTheSameBitsForAnyNumberOfThreads) {
  const Array x = random_array({300, 96}, 1);
  const Array weight = random_array({650, 96}, 2);
  std::vector<float> first;
  for (const int count : {1, 2, 7}) {
    Threads threads(count);
    Device device(threads, choose_isa("").value());
    const std::vector<Tensor> inputs{to_tensor(x, DType::f32), to_tensor(weight, DType::f32),
                                     Tensor::zeros(DType::i32, {300})};
    const Tensor losses = Tensor::zeros(DType::f32, {300});
    const Tensor factors = Tensor::zeros(DType::f32, {300});
    std::ranges::fill(factors.span<float>(), 0.01F);
    const std::vector<GradientSlot> slots{{Tensor::zeros(DType::f32, {300, 96}), Write::replace},
                                          {Tensor::zeros(DType::f32, {650, 96}), Write::replace},
                                          {}};
    run_gradient(device, op_linear_cross_entropy, {{inputs, {&losses, 1}, {}}, factors, slots});
    std::vector<float> bits(losses.data<float>(), losses.data<float>() + 300);
    for (const GradientSlot& slot : std::span(slots).first(2)) {
      const auto values = slot.tensor.span<float>();
      bits.insert(bits.end(), values.begin(), values.end());
    }
    if (first.empty()) first = bits;
    EXPECT_EQ(bits, first) << count;
  }
}

}  // namespace
}  // namespace aludel::tensor
