#pragma once

// The weights of a linear classifier, laid out for sums over the rows of a text's features.

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "aludel/text/classifier/features.h"

namespace aludel::text {

/// The nearest bf16, ties to even, as its bits. REQUIRES: a finite value.
std::uint16_t to_bf16_bits(float value);
float from_bf16_bits(std::uint16_t bits);

/// A feature's value with 16 significant bits, nearest and ties upwards: its product with a bf16
/// weight, of 8, is then exact in f32. So sums with and without fused multiply-add have the same
/// bits, and a text has the same score on every CPU.
inline float exact_value(float value) {
  return std::bit_cast<float>((std::bit_cast<std::uint32_t>(value) + 0x80U) & 0xFFFFFF00U);
}

/// OPTIMIZATION: rows lie anywhere in a table larger than the caches; each is asked for so many
/// features before it is read.
inline constexpr std::size_t kPrefetchedRows = 16;

/// A row of bf16 weights for each bucket, zeros at first. Concurrent calls of const functions: yes.
class WeightTable {
 public:
  /// Shape: [buckets, labels].
  WeightTable(std::size_t buckets, std::size_t labels);

  std::size_t buckets() const { return buckets_; }

  /// [label], bf16 bits.
  std::span<const std::uint16_t> row(std::size_t bucket) const;
  std::span<std::uint16_t> row(std::size_t bucket);

  /// sums[label] += value * weight for every feature, in their order. Shape: sums [labels]. All
  /// instruction sets give the same bits, and add_rows_reference() gives them too.
  void add_rows(std::span<const Feature> features, std::span<float> sums) const;
  void add_rows_reference(std::span<const Feature> features, std::span<float> sums) const;

 private:
  void add_narrow_rows(std::span<const Feature> features, std::span<float> sums) const;

  struct alignas(64) CacheLine {
    std::array<std::uint16_t, 32> values{};
  };

  std::size_t buckets_;
  std::size_t labels_;
  std::size_t stride_;  // places from one row to the next: no row lies in more lines than it must
  std::vector<CacheLine> lines_;
};

}  // namespace aludel::text
