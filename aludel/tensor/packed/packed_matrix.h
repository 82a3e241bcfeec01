#pragma once
// A weight matrix arranged for inference: 16 rows side by side, so that one vector register holds
// one column step of all of them. Layout: docs/formats/quantised.md, "In memory".

#include <cstddef>
#include <cstdint>
#include <span>

#include "aludel/tensor/tensor.h"

namespace aludel::tensor {

/// How an element of a packed matrix is stored; q8 and q4: w = scale * q + offset per group.
enum class PackedFormat : std::uint8_t { f32, bf16, q8, q4 };

/// Bits of q: 8 or 4. REQUIRES: a quantised format.
constexpr unsigned bits_of(PackedFormat format) {
  return format == PackedFormat::q8 ? 8 : 4;
}

/// Values in 8 bits of which none is larger count as zeros: 127 / a smaller one is no finite
/// number.
inline constexpr float kLeastByteRange = 1e-36F;

/// A quantised matrix [N, K] as files have it: q in row order, low bits first; scale and offset of
/// each `group` elements along K.
struct QuantisedMatrix {
  PackedFormat format = PackedFormat::q4;
  std::size_t rows = 0;             // N
  std::size_t columns = 0;          // K, a multiple of the group
  std::size_t group = 64;           // 32, 64 or 128
  std::span<const std::uint8_t> q;  // [N, K * bits / 8]
  std::span<const Bf16> scales;     // [N, K / group]
  std::span<const Bf16> offsets;    // [N, K / group]
};

/// W [N, K] for y = x Wᵀ; N is padded with zeros to whole panels. Concurrent calls: yes.
class PackedMatrix {
 public:
  static constexpr std::size_t kPanelRows = 16;

  /// No matrix: rows() is 0.
  PackedMatrix() = default;

  /// From an f32 [N, K] tensor, or a bf16 one.
  static PackedMatrix pack(const Tensor& weight);
  static PackedMatrix pack(const QuantisedMatrix& weight);

  PackedFormat format() const { return format_; }

  std::size_t rows() const { return rows_; }

  std::size_t columns() const { return columns_; }

  /// Elements along K that share a scale; 0 unless quantised.
  std::size_t group() const { return group_; }

  std::size_t panels() const { return (rows_ + kPanelRows - 1) / kPanelRows; }

  /// Bytes from one panel to the next, of elements and of scales.
  std::size_t panel_bytes() const { return panel_bytes_; }

  std::size_t panel_scales() const { return group_ == 0 ? 0 : columns_ / group_ * 2 * kPanelRows; }

  const std::uint8_t* panel(std::size_t index) const {
    return elements_.data<std::uint8_t>() + index * panel_bytes_;
  }

  /// Of a panel: per group 16 scales, then 16 offsets.
  const Bf16* scales_of(std::size_t index) const {
    return scales_.data<Bf16>() + index * panel_scales();
  }

  /// Memory that it takes.
  std::size_t bytes() const;

  /// Row n as f32 [K]: an embedding.
  void unpack_row(std::size_t n, std::span<float> out) const;

 private:
  PackedMatrix(PackedFormat format, std::size_t rows, std::size_t columns, std::size_t group);
  std::uint8_t* element_at(std::size_t n, std::size_t k) const;

  PackedFormat format_ = PackedFormat::f32;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::size_t group_ = 0;
  std::size_t panel_bytes_ = 0;
  Tensor elements_;  // u8
  Tensor scales_;    // bf16, of a quantised matrix
};

}  // namespace aludel::tensor
