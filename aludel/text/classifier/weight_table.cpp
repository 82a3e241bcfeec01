#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/text/classifier/weight_table.cpp"
#include "aludel/text/classifier/weight_table.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace aludel::text::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// sums[0 .. stride) += value * row for every feature, in their order.
// REQUIRES: stride is a multiple of 32, and `weights` lie at a multiple of 64 bytes.
void add_wide_rows(const std::uint16_t* weights, std::size_t stride,
                   std::span<const Feature> features, float* sums) {
  const hn::CappedTag<float, 8> tag;  // four vectors or eight fill the 32 labels of a cache line
  const hn::Rebind<std::uint16_t, decltype(tag)> halves;
  const hn::Rebind<std::uint32_t, decltype(tag)> words;
  const std::size_t lanes = hn::Lanes(tag);
  const auto weight = [&](const std::uint16_t* at) {
    return hn::BitCast(tag, hn::ShiftLeft<16>(hn::PromoteTo(words, hn::LoadU(halves, at))));
  };
  for (std::size_t label = 0; label < stride; label += 4 * lanes) {
    float* out = sums + label;
    auto sum0 = hn::LoadU(tag, out);
    auto sum1 = hn::LoadU(tag, out + lanes);
    auto sum2 = hn::LoadU(tag, out + 2 * lanes);
    auto sum3 = hn::LoadU(tag, out + 3 * lanes);
    for (std::size_t i = 0; i < features.size(); ++i) {
      if (i + kPrefetchedRows < features.size()) {
        __builtin_prefetch(weights + features[i + kPrefetchedRows].bucket * stride + label);
      }
      const std::uint16_t* row = weights + features[i].bucket * stride + label;
      const auto value = hn::Set(tag, exact_value(features[i].value));
      sum0 = hn::MulAdd(value, weight(row), sum0);
      sum1 = hn::MulAdd(value, weight(row + lanes), sum1);
      sum2 = hn::MulAdd(value, weight(row + 2 * lanes), sum2);
      sum3 = hn::MulAdd(value, weight(row + 3 * lanes), sum3);
    }
    hn::StoreU(sum0, tag, out);
    hn::StoreU(sum1, tag, out + lanes);
    hn::StoreU(sum2, tag, out + 2 * lanes);
    hn::StoreU(sum3, tag, out + 3 * lanes);
  }
}

}  // namespace aludel::text::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <utility>

#include "aludel/base/check.h"

namespace aludel::text {

HWY_EXPORT(add_wide_rows);

namespace {

constexpr std::size_t kLine = 32;  // bf16 values of a cache line

/// Rows of few labels share a line and never cross its end; others begin with one.
std::size_t stride_of(std::size_t labels) {
  return labels <= 4 ? std::bit_ceil(labels) : (labels + kLine - 1) / kLine * kLine;
}

}  // namespace

std::uint16_t to_bf16_bits(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

float from_bf16_bits(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

WeightTable::WeightTable(std::size_t buckets, std::size_t labels)
    : buckets_(buckets),
      labels_(labels),
      stride_(stride_of(labels)),
      lines_((buckets * stride_ + kLine - 1) / kLine) {}

std::span<const std::uint16_t> WeightTable::row(std::size_t bucket) const {
  const std::size_t at = bucket * stride_;
  ALUDEL_CHECK(bucket < buckets_, "a row of the table");
  return {reinterpret_cast<const std::uint16_t*>(lines_.data()) + at, labels_};
}

std::span<std::uint16_t> WeightTable::row(std::size_t bucket) {
  const std::span<const std::uint16_t> row = std::as_const(*this).row(bucket);
  return {const_cast<std::uint16_t*>(row.data()), row.size()};
}

void WeightTable::add_rows(std::span<const Feature> features, std::span<float> sums) const {
  ALUDEL_CHECK(sums.size() == labels_, "one sum a label");
  if (stride_ % kLine != 0) {
    add_narrow_rows(features, sums);
    return;
  }
  std::vector<float> padded(stride_, 0);
  std::ranges::copy(sums, padded.begin());
  HWY_DYNAMIC_DISPATCH(add_wide_rows)
  (lines_[0].values.data(), stride_, features, padded.data());
  std::copy_n(padded.begin(), sums.size(), sums.begin());
}

void WeightTable::add_narrow_rows(std::span<const Feature> features, std::span<float> sums) const {
  const std::uint16_t* weights = lines_[0].values.data();
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (i + kPrefetchedRows < features.size()) {
      __builtin_prefetch(weights + features[i + kPrefetchedRows].bucket * stride_);
    }
    const std::uint16_t* row = weights + features[i].bucket * stride_;
    const float value = exact_value(features[i].value);
    for (std::size_t label = 0; label < labels_; ++label) {
      sums[label] += value * from_bf16_bits(row[label]);
    }
  }
}

void WeightTable::add_rows_reference(std::span<const Feature> features,
                                     std::span<float> sums) const {
  for (const Feature& feature : features) {
    const std::span<const std::uint16_t> weights = row(feature.bucket);
    for (std::size_t label = 0; label < labels_; ++label) {
      sums[label] += exact_value(feature.value) * from_bf16_bits(weights[label]);
    }
  }
}

}  // namespace aludel::text
#endif  // HWY_ONCE
