// Vectors of f32 lanes read from and written to f32 or bf16 memory; included once per target.
#if defined(ALUDEL_LANES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ALUDEL_LANES_INL_H
#undef ALUDEL_LANES_INL_H
#else
#define ALUDEL_LANES_INL_H
#endif

#include <algorithm>
#include <cstring>

#include <hwy/highway.h>

#include "aludel/tensor/tensor.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::ScalableTag<float>;
using Vector = hn::Vec<Lanes>;

/// Elements of a tensor, f32 or bf16, of which `count` may be touched.
struct Elements {
  std::byte* data;
  std::size_t count;
  bool is_bf16;

  HWY_INLINE explicit Elements(const Tensor& tensor) : Elements(tensor, 0, tensor.elements()) {}

  HWY_INLINE Elements(const Tensor& tensor, std::size_t first, std::size_t size)
      : data(static_cast<std::byte*>(tensor.raw()) + first * size_bytes(tensor.dtype())),
        count(size),
        is_bf16(tensor.dtype() == DType::bf16) {}
};

HWY_INLINE Vector widen(const std::uint16_t* bits) {
  const Lanes lanes;
  const hn::Rebind<std::uint16_t, Lanes> narrow;
  const hn::RebindToUnsigned<Lanes> wide;
  return hn::BitCast(lanes, hn::ShiftLeft<16>(hn::PromoteTo(wide, hn::LoadU(narrow, bits))));
}

/// To nearest, ties to even; what a NaN becomes is a NaN for every NaN that arithmetic makes.
HWY_INLINE void narrow(Vector value, std::uint16_t* bits) {
  const hn::Rebind<std::uint16_t, Lanes> narrow_tag;
  const hn::RebindToUnsigned<Lanes> wide;
  const hn::RebindToSigned<Lanes> signed_wide;
  const auto all = hn::BitCast(wide, value);
  const auto odd = hn::And(hn::ShiftRight<16>(all), hn::Set(wide, 1U));
  const auto rounded = hn::Add(hn::Add(all, hn::Set(wide, 0x7FFFU)), odd);
  const auto upper = hn::BitCast(signed_wide, hn::ShiftRight<16>(rounded));
  hn::StoreU(hn::DemoteTo(narrow_tag, upper), narrow_tag, bits);
}

/// Lanes [i, i + N) of the elements; those past the end are 0.
HWY_INLINE Vector load(const Elements& from, std::size_t i) {
  const Lanes lanes;
  const std::size_t left = from.count - i;
  if (HWY_LIKELY(left >= hn::Lanes(lanes))) {
    if (from.is_bf16) return widen(reinterpret_cast<const std::uint16_t*>(from.data) + i);
    return hn::LoadU(lanes, reinterpret_cast<const float*>(from.data) + i);
  }
  if (from.is_bf16) {
    HWY_ALIGN std::uint16_t tail[hn::MaxLanes(lanes)] = {};
    std::memcpy(tail, from.data + i * 2, left * 2);
    return widen(tail);
  }
  HWY_ALIGN float tail[hn::MaxLanes(lanes)] = {};
  std::memcpy(tail, from.data + i * 4, left * 4);
  return hn::Load(lanes, tail);
}

/// Writes lanes [i, i + N), without those past the end.
HWY_INLINE void store(Vector value, const Elements& to, std::size_t i) {
  const Lanes lanes;
  const std::size_t left = to.count - i;
  if (HWY_LIKELY(left >= hn::Lanes(lanes))) {
    if (to.is_bf16) {
      narrow(value, reinterpret_cast<std::uint16_t*>(to.data) + i);
    } else {
      hn::StoreU(value, lanes, reinterpret_cast<float*>(to.data) + i);
    }
  } else if (to.is_bf16) {
    HWY_ALIGN std::uint16_t tail[hn::MaxLanes(lanes)];
    narrow(value, tail);
    std::memcpy(to.data + i * 2, tail, left * 2);
  } else {
    HWY_ALIGN float tail[hn::MaxLanes(lanes)];
    hn::Store(value, lanes, tail);
    std::memcpy(to.data + i * 4, tail, left * 4);
  }
}

/// Writes or adds, as a gradient slot asks.
HWY_INLINE void accumulate(Vector value, const Elements& to, std::size_t i, bool add) {
  store(add ? hn::Add(load(to, i), value) : value, to, i);
}

/// e^x of each lane for x <= 88; 0 far below. Relative error below 2^-22.
/// Source: Cody & Waite 1980 reduction, minimax polynomial of Cephes expf.
HWY_INLINE Vector exponential(Vector x) {
  const Lanes lanes;
  const hn::RebindToSigned<Lanes> whole;
  x = hn::Min(hn::Max(x, hn::Set(lanes, -87.0F)), hn::Set(lanes, 88.0F));
  const auto power = hn::Round(hn::Mul(x, hn::Set(lanes, 1.44269504088896341F)));
  auto r = hn::NegMulAdd(power, hn::Set(lanes, 0.693359375F), x);
  r = hn::NegMulAdd(power, hn::Set(lanes, -2.12194440e-4F), r);
  auto y = hn::Set(lanes, 1.9875691500e-4F);
  y = hn::MulAdd(y, r, hn::Set(lanes, 1.3981999507e-3F));
  y = hn::MulAdd(y, r, hn::Set(lanes, 8.3334519073e-3F));
  y = hn::MulAdd(y, r, hn::Set(lanes, 4.1665795894e-2F));
  y = hn::MulAdd(y, r, hn::Set(lanes, 1.6666665459e-1F));
  y = hn::MulAdd(y, r, hn::Set(lanes, 5.0000001201e-1F));
  y = hn::Add(hn::MulAdd(hn::Mul(y, r), r, r), hn::Set(lanes, 1.0F));
  const auto exponent = hn::Add(hn::ConvertTo(whole, power), hn::Set(whole, 127));
  return hn::Mul(y, hn::BitCast(lanes, hn::ShiftLeft<23>(exponent)));
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#endif  // ALUDEL_LANES_INL_H
