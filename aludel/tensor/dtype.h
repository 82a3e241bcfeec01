#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aludel::tensor {

/// What one element of a tensor is.
enum class DType : std::uint8_t { f32, bf16, f16, i32, i64, i8, u8 };

constexpr std::size_t size_bytes(DType type) {
  switch (type) {
    case DType::i64:
      return 8;
    case DType::f32:
    case DType::i32:
      return 4;
    case DType::bf16:
    case DType::f16:
      return 2;
    case DType::i8:
    case DType::u8:
      return 1;
  }
  return 0;
}

constexpr std::string_view dtype_name(DType type) {
  constexpr std::string_view kNames[] = {"f32", "bf16", "f16", "i32", "i64", "i8", "u8"};
  return kNames[static_cast<std::size_t>(type)];
}

/// The upper half of a float: 8 bits of exponent, 7 of mantissa.
struct Bf16 {
  std::uint16_t bits = 0;
};

constexpr float to_float(Bf16 value) {
  return std::bit_cast<float>(std::uint32_t{value.bits} << 16);
}

/// To nearest, ties to even; a NaN stays a NaN.
constexpr Bf16 to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7FFFFFFFU) > 0x7F800000U) return {static_cast<std::uint16_t>(bits >> 16 | 0x40U)};
  return {static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16 & 1U)) >> 16)};
}

/// IEEE half precision to float; exact. Source: IEEE 754-2008, binary16.
float half_to_float(std::uint16_t bits);

}  // namespace aludel::tensor
