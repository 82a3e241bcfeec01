#include "aludel/tensor/packed/packed_matrix.h"

#include <cstring>

#include "aludel/base/check.h"

namespace aludel::tensor {
namespace {

/// Neighbours along K that stand together for one row of a panel.
constexpr std::size_t interleave_of(PackedFormat format) {
  switch (format) {
    case PackedFormat::f32:
      return 1;
    case PackedFormat::bf16:
      return 2;
    case PackedFormat::q8:
      return 4;
    case PackedFormat::q4:
      return 8;
  }
  return 1;
}

constexpr std::size_t kLaneBytes = 4;  // of one row in one step, whatever the format
constexpr std::size_t kNibbles = 4;    // q4: the low halves of a lane's bytes come first

}  // namespace

PackedMatrix::PackedMatrix(PackedFormat format, std::size_t rows, std::size_t columns,
                           std::size_t group)
    : format_(format), rows_(rows), columns_(columns), group_(group) {
  const std::size_t interleave = interleave_of(format);
  panel_bytes_ = (columns + interleave - 1) / interleave * kPanelRows * kLaneBytes;
  elements_ = Tensor::zeros(DType::u8, {panels() * panel_bytes_});
  if (group > 0) scales_ = Tensor::zeros(DType::bf16, {panels() * panel_scales()});
}

/// The first byte of an element; q4: the byte whose half it is.
std::uint8_t* PackedMatrix::element_at(std::size_t n, std::size_t k) const {
  const std::size_t interleave = interleave_of(format_);
  const std::size_t within = k % interleave;
  const std::size_t byte =
      format_ == PackedFormat::q4 ? within % kNibbles : within * kLaneBytes / interleave;
  return elements_.data<std::uint8_t>() + n / kPanelRows * panel_bytes_ +
         (k / interleave * kPanelRows + n % kPanelRows) * kLaneBytes + byte;
}

PackedMatrix PackedMatrix::pack(const Tensor& weight) {
  ALUDEL_CHECK(weight.shape().rank() == 2, "[packed] a matrix has two axes");
  const bool is_f32 = weight.dtype() == DType::f32;
  ALUDEL_CHECK(is_f32 || weight.dtype() == DType::bf16, "[packed] only f32 and bf16 are packed");
  PackedMatrix packed(is_f32 ? PackedFormat::f32 : PackedFormat::bf16, weight.shape()[0],
                      weight.shape()[1], 0);
  const std::size_t size = size_bytes(weight.dtype());
  const auto* source = static_cast<const std::uint8_t*>(weight.raw());
  for (std::size_t n = 0; n < packed.rows_; ++n) {
    for (std::size_t k = 0; k < packed.columns_; ++k) {
      std::memcpy(packed.element_at(n, k), source, size);
      source += size;
    }
  }
  return packed;
}

PackedMatrix PackedMatrix::pack(const QuantisedMatrix& weight) {
  const unsigned bits = bits_of(weight.format);
  const std::size_t groups = weight.columns / weight.group;
  ALUDEL_CHECK(weight.group % 32 == 0 && weight.columns % weight.group == 0,
               "[packed] groups must fill the row");
  ALUDEL_CHECK(weight.q.size() == weight.rows * weight.columns * bits / 8 &&
                   weight.scales.size() == weight.rows * groups &&
                   weight.offsets.size() == weight.rows * groups,
               "[packed] a quantised matrix of another size");
  PackedMatrix packed(weight.format, weight.rows, weight.columns, weight.group);
  for (std::size_t n = 0; n < weight.rows; ++n) {
    for (std::size_t k = 0; k < weight.columns; ++k) {
      const std::size_t at = n * weight.columns + k;
      std::uint8_t* target = packed.element_at(n, k);
      if (bits == 8) {
        *target = weight.q[at];
      } else {
        const unsigned value = static_cast<unsigned>(weight.q[at / 2]) >> (at % 2 * 4) & 0xFU;
        const bool is_high = k % (2 * kNibbles) >= kNibbles;
        *target = static_cast<std::uint8_t>(*target | value << (is_high ? 4 : 0));
      }
    }
    Bf16* scales = packed.scales_.data<Bf16>() + n / kPanelRows * packed.panel_scales();
    for (std::size_t g = 0; g < groups; ++g) {
      scales[g * 2 * kPanelRows + n % kPanelRows] = weight.scales[n * groups + g];
      scales[(g * 2 + 1) * kPanelRows + n % kPanelRows] = weight.offsets[n * groups + g];
    }
  }
  return packed;
}

std::size_t PackedMatrix::bytes() const {
  return (elements_.defined() ? elements_.bytes() : 0) + (scales_.defined() ? scales_.bytes() : 0);
}

void PackedMatrix::unpack_row(std::size_t n, std::span<float> out) const {
  ALUDEL_CHECK(n < rows_ && out.size() == columns_, "[packed] no such row");
  for (std::size_t k = 0; k < columns_; ++k) {
    const std::uint8_t* element = element_at(n, k);
    if (format_ == PackedFormat::f32) {
      std::memcpy(&out[k], element, sizeof(float));
    } else if (format_ == PackedFormat::bf16) {
      Bf16 value;
      std::memcpy(&value, element, sizeof value);
      out[k] = to_float(value);
    } else {
      unsigned q = *element;
      if (format_ == PackedFormat::q4) q = k % (2 * kNibbles) >= kNibbles ? q >> 4 : q & 0xFU;
      const Bf16* scales = scales_of(n / kPanelRows) + k / group_ * 2 * kPanelRows + n % kPanelRows;
      out[k] = to_float(scales[0]) * static_cast<float>(q) + to_float(scales[kPanelRows]);
    }
  }
}

}  // namespace aludel::tensor
