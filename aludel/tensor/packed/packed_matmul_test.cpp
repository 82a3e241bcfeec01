#include "aludel/tensor/packed/packed_matmul.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "aludel/base/rng.h"

namespace aludel::tensor {
namespace {

std::vector<float> random_values(std::size_t count, std::uint64_t seed) {
  std::vector<float> values(count);
  Rng rng(seed, 0);
  for (float& value : values)
    value = static_cast<float>(rng.normal());
  return values;
}

/// A matrix of any format with random content, and what it means in f64.
struct Sample {
  PackedMatrix packed;
  std::vector<double> weights;  // [N, K]
};

Sample quantised_sample(PackedFormat format, std::size_t rows, std::size_t columns,
                        std::size_t group) {
  const unsigned bits = bits_of(format);
  std::vector<std::uint8_t> q(rows * columns * bits / 8);
  std::vector<Bf16> scales(rows * columns / group);
  std::vector<Bf16> offsets(scales.size());
  Rng rng(5, columns);
  for (std::uint8_t& byte : q)
    byte = static_cast<std::uint8_t>(rng.below(256));
  for (Bf16& scale : scales)
    scale = to_bf16(static_cast<float>(0.01 + 0.01 * rng.uniform()));
  for (Bf16& offset : offsets)
    offset = to_bf16(static_cast<float>(rng.normal()));
  Sample sample;
  for (std::size_t i = 0; i < rows * columns; ++i) {
    const unsigned value = bits == 8 ? unsigned{q[i]} : unsigned{q[i / 2]} >> (i % 2 * 4) & 0xFU;
    sample.weights.push_back(double{to_float(scales[i / group])} * value +
                             double{to_float(offsets[i / group])});
  }
  sample.packed = PackedMatrix::pack({.format = format,
                                      .rows = rows,
                                      .columns = columns,
                                      .group = group,
                                      .q = q,
                                      .scales = scales,
                                      .offsets = offsets});
  return sample;
}

Sample make_sample(PackedFormat format, std::size_t rows, std::size_t columns) {
  if (format == PackedFormat::q8) return quantised_sample(format, rows, columns, 64);
  if (format == PackedFormat::q4) return quantised_sample(format, rows, columns, 32);
  const std::vector<float> values = random_values(rows * columns, 7);
  Tensor weight = Tensor::of(std::span<const float>(values), {rows, columns});
  Sample sample;
  if (format == PackedFormat::bf16) {
    const Tensor narrow = Tensor::empty(DType::bf16, {rows, columns});
    for (std::size_t i = 0; i < values.size(); ++i) {
      narrow.data<Bf16>()[i] = to_bf16(values[i]);
      sample.weights.push_back(to_float(to_bf16(values[i])));
    }
    weight = narrow;
  } else {
    sample.weights.assign(values.begin(), values.end());
  }
  sample.packed = PackedMatrix::pack(weight);
  return sample;
}

/// x as the kernels see it after it was prepared, in f64.
std::vector<double> prepared_values(const RowsView& view, const PackedMatrix& weight) {
  std::vector<double> values;
  for (std::size_t m = 0; m < view.count; ++m) {
    for (std::size_t k = 0; k < weight.columns(); ++k) {
      const std::size_t at = m * view.row_elements + k;
      if (weight.format() == PackedFormat::f32) {
        values.push_back(static_cast<const float*>(view.values)[at]);
      } else if (weight.format() == PackedFormat::bf16) {
        values.push_back(to_float(static_cast<const Bf16*>(view.values)[at]));
      } else {
        const std::size_t group = m * (weight.columns() / weight.group()) + k / weight.group();
        values.push_back(double{view.scales[group]} *
                         static_cast<const std::int8_t*>(view.values)[at]);
      }
    }
  }
  return values;
}

std::vector<float> product(Device& device, const PackedMatrix& weight, std::span<const float> x,
                           std::size_t count) {
  std::vector<float> y(count * weight.rows(), std::nanf(""));
  PackedRows rows;
  rows.prepare(device, x, count, weight);
  const PackedProduct one{&weight, y.data(), weight.rows()};
  multiply(device, rows, std::span(&one, 1));
  return y;
}

/// Every instruction set that this CPU has, from scalar on, and every target of Highway.
template <class Body>
void for_each_isa(const Body& body) {
  const Isa best = choose_isa("").value();
  for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512, Isa::avx512_bf16}) {
    if (isa > best) continue;
    SCOPED_TRACE(std::string(isa_name(isa)));
    body(isa);
  }
}

constexpr PackedFormat kFormats[] = {PackedFormat::f32, PackedFormat::bf16, PackedFormat::q8,
                                     PackedFormat::q4};

TEST(PackedMatmul, EqualsTheProductInF64OnEveryInstructionSet) {
  Threads threads(2);
  for_each_isa([&](Isa isa) {
    Device device(threads, isa);
    for (const PackedFormat format : kFormats) {
      for (const std::size_t count : {1U, 2U, 5U, 8U, 13U}) {
        const std::size_t columns = format == PackedFormat::bf16 ? 131U : 128U;
        const Sample sample = make_sample(format, 200, columns);
        const std::vector<float> x = random_values(count * columns, count);
        PackedRows rows;
        rows.prepare(device, x, count, sample.packed);
        const std::vector<double> values = prepared_values(rows.view(), sample.packed);
        const std::vector<float> y = product(device, sample.packed, x, count);
        for (std::size_t m = 0; m < count; ++m) {
          for (std::size_t n = 0; n < 200; ++n) {
            double expected = 0;
            double size = 0;
            for (std::size_t k = 0; k < columns; ++k) {
              const double term = values[m * columns + k] * sample.weights[n * columns + k];
              expected += term;
              size += std::abs(term);
            }
            ASSERT_NEAR(y[m * 200 + n], expected, 2e-6 * size)
                << static_cast<int>(format) << " " << m << " " << n;
          }
        }
      }
    }
  });
}

TEST(PackedMatmul, AgreesWithTheReferenceOnEveryHighwayTarget) {
  Threads threads(1);
  Device reference(threads, Isa::scalar);
  for (const PackedFormat format : kFormats) {
    const Sample sample = make_sample(format, 40, 192);
    const std::vector<float> x = random_values(std::size_t{5} * 192, 3);
    const std::vector<float> expected = product(reference, sample.packed, x, 5);
    PackedRows rows;
    rows.prepare(reference, x, 5, sample.packed);
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
      hwy::SetSupportedTargetsForTest(target);
      hwy::GetChosenTarget().Update(target);
      std::vector<float> y(expected.size());
      const PackedTile tile{.weight = &sample.packed,
                            .panel_count = 3,
                            .rows = rows.view(),
                            .y = y.data(),
                            .y_stride = 40};
      const auto kernel = format == PackedFormat::f32    ? kPackedHighway.f32
                          : format == PackedFormat::bf16 ? kPackedHighway.bf16
                          : format == PackedFormat::q8   ? kPackedHighway.q8
                                                         : kPackedHighway.q4;
      kernel(tile);
      for (std::size_t i = 0; i < y.size(); ++i) {
        ASSERT_NEAR(y[i], expected[i], 1e-4) << hwy::TargetName(target) << " " << i;
      }
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
}

TEST(PackedMatmul, GivesARowTheSameBitsInAnyCompanyAndOnAnyThreads) {
  for_each_isa([&](Isa isa) {
    for (const PackedFormat format : kFormats) {
      const Sample sample = make_sample(format, 2000, 256);
      const std::vector<float> x = random_values(std::size_t{13} * 256, 11);
      Threads one(1);
      Threads three(3);
      Device alone(one, isa);
      Device together(three, isa);
      const std::vector<float> all = product(together, sample.packed, x, 13);
      for (std::size_t m = 0; m < 13; ++m) {
        const std::vector<float> row =
            product(alone, sample.packed, std::span(x).subspan(m * 256, 256), 1);
        for (std::size_t n = 0; n < 2000; ++n)
          ASSERT_EQ(row[n], all[m * 2000 + n]);
      }
    }
  });
}

TEST(PackedMatmul, RunsSeveralProductsOfTheSameRows) {
  Threads threads(2);
  Device device(threads, choose_isa("").value());
  const Sample wide = make_sample(PackedFormat::q4, 330, 128);
  const Sample narrow = make_sample(PackedFormat::q4, 24, 128);
  const std::vector<float> x = random_values(std::size_t{3} * 128, 2);
  std::vector<float> y(std::size_t{3} * 354);
  PackedRows rows;
  rows.prepare(device, x, 3, wide.packed);
  const PackedProduct products[] = {{&wide.packed, y.data(), 354},
                                    {&narrow.packed, y.data() + 330, 354}};
  multiply(device, rows, products);
  const std::vector<float> first = product(device, wide.packed, x, 3);
  const std::vector<float> second = product(device, narrow.packed, x, 3);
  for (std::size_t m = 0; m < 3; ++m) {
    for (std::size_t n = 0; n < 330; ++n)
      EXPECT_EQ(y[m * 354 + n], first[m * 330 + n]);
    for (std::size_t n = 0; n < 24; ++n)
      EXPECT_EQ(y[m * 354 + 330 + n], second[m * 24 + n]);
  }
}

TEST(PackedRows, QuantiseWithinHalfAStepOfEachGroupsLargestValue) {
  Threads threads(1);
  Device device(threads, choose_isa("").value());
  const Sample sample = make_sample(PackedFormat::q8, 16, 256);
  std::vector<float> x = random_values(std::size_t{2} * 256, 9);
  for (std::size_t k = 64; k < 128; ++k)
    x[k] = 0;  // a group without a range
  PackedRows rows;
  rows.prepare(device, x, 2, sample.packed);
  const std::vector<double> values = prepared_values(rows.view(), sample.packed);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float step = rows.view().scales[i / 64];
    ASSERT_NEAR(values[i], x[i], 0.5001 * step);
  }
  EXPECT_EQ(rows.view().scales[1], 0.0F);
}

TEST(PackedRows, PassOnWhatIsNotFiniteInsteadOfRoundingIt) {
  Threads threads(1);
  const float inf = std::numeric_limits<float>::infinity();
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    Device device(threads, Isa::scalar);
    const Sample sample = make_sample(PackedFormat::q8, 16, 256);
    for (const float damage : {std::nanf(""), inf, -inf}) {
      for (const std::size_t at : {64U, 101U, 127U}) {
        std::vector<float> x = random_values(256, 9);
        x[at] = damage;
        PackedRows rows;
        rows.prepare(device, x, 1, sample.packed);
        EXPECT_TRUE(std::isnan(rows.view().scales[1])) << hwy::TargetName(target);
        EXPECT_EQ(static_cast<const std::int8_t*>(rows.view().values)[at], 0);
        EXPECT_TRUE(std::isfinite(rows.view().scales[0]));
      }
    }
    std::vector<float> tiny(256, 1e-42F);  // 127 / 1e-42 is no float
    tiny[3] = -1e-39F;
    PackedRows rows;
    rows.prepare(device, tiny, 1, sample.packed);
    EXPECT_EQ(static_cast<const std::int8_t*>(rows.view().values)[3], 0) << hwy::TargetName(target);
    EXPECT_TRUE(std::isfinite(rows.view().scales[0]));
    std::vector<float> huge(256, 3e38F);
    rows.prepare(device, huge, 1, sample.packed);
    EXPECT_EQ(static_cast<const std::int8_t*>(rows.view().values)[3], 127);
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

TEST(PackedMatrix, GivesItsRowsBack) {
  for (const PackedFormat format : kFormats) {
    const Sample sample = make_sample(format, 40, 192);
    std::vector<float> row(192);
    for (const std::size_t n : {0U, 17U, 39U}) {
      sample.packed.unpack_row(n, row);
      for (std::size_t k = 0; k < 192; ++k) {
        ASSERT_NEAR(row[k], sample.weights[n * 192 + k], 1e-6) << static_cast<int>(format);
      }
    }
  }
}

TEST(PackedMatrix, TakesTheBitsItsFormatPromises) {
  const Sample q4 = make_sample(PackedFormat::q4, 160, 1024);
  EXPECT_EQ(q4.packed.bytes(), 160U * 1024 / 2 + 160U * 1024 / 32 * 4);
  const Sample q8 = make_sample(PackedFormat::q8, 160, 1024);
  EXPECT_EQ(q8.packed.bytes(), 160U * 1024 + 160U * 1024 / 64 * 4);
}

}  // namespace
}  // namespace aludel::tensor
