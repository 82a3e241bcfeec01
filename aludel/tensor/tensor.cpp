#include "aludel/tensor/tensor.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace aludel::tensor {
namespace {

constexpr std::size_t kAlignment = 64;  // a cache line, and the widest vector

std::shared_ptr<void> allocate(std::size_t bytes) {
  return {::operator new (std::max<std::size_t>(bytes, 1), std::align_val_t{kAlignment}),
          [](void* memory) { ::operator delete (memory, std::align_val_t{kAlignment}); }};
}

}  // namespace

float half_to_float(std::uint16_t bits) {
  const std::uint32_t sign = std::uint32_t{bits} >> 15 << 31;
  const std::uint32_t exponent = bits >> 10 & 0x1FU;
  const std::uint32_t mantissa = bits & 0x3FFU;
  if (exponent == 0x1F) return std::bit_cast<float>(sign | 0x7F800000U | mantissa << 13);
  if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
  const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
  return sign != 0 ? -magnitude : magnitude;
}

Shape::Shape(std::initializer_list<std::size_t> lengths)
    : Shape(std::span(lengths.begin(), lengths.size())) {}

Shape::Shape(std::span<const std::size_t> lengths) : rank_(lengths.size()) {
  ALUDEL_CHECK(lengths.size() <= kMaxRank, "[shape] at most four axes");
  std::ranges::copy(lengths, lengths_.begin());
}

std::size_t Shape::elements() const {
  std::size_t product = 1;
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    product *= lengths_[axis];
  }
  return product;
}

std::string Shape::text() const {
  std::string out = "[";
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    out += (axis == 0 ? "" : ", ") + std::to_string(lengths_[axis]);
  }
  return out + "]";
}

Tensor Tensor::empty(DType type, const Shape& shape) {
  const std::shared_ptr<void> storage = allocate(shape.elements() * size_bytes(type));
  return wrap(storage, storage.get(), type, shape);
}

Tensor Tensor::zeros(DType type, const Shape& shape) {
  Tensor tensor = empty(type, shape);
  tensor.fill_zero();
  return tensor;
}

Tensor Tensor::wrap(std::shared_ptr<void> storage, void* data, DType type, const Shape& shape) {
  Tensor tensor;
  tensor.storage_ = std::move(storage);
  tensor.data_ = data;
  tensor.type_ = type;
  tensor.shape_ = shape;
  return tensor;
}

Tensor Tensor::view(const Shape& shape) const {
  ALUDEL_CHECK(shape.elements() == elements(), "[tensor] a view keeps the number of elements");
  return wrap(storage_, data_, type_, shape);
}

Tensor Tensor::slice(std::size_t first, std::size_t count) const {
  ALUDEL_CHECK(shape_.rank() > 0 && first + count <= shape_[0], "[tensor] slice out of range");
  std::array<std::size_t, 4> lengths{count};
  for (std::size_t axis = 1; axis < shape_.rank(); ++axis) {
    lengths[axis] = shape_[axis];
  }
  const Shape part(std::span<const std::size_t>(lengths).first(shape_.rank()));
  const std::size_t stride = shape_[0] == 0 ? 0 : bytes() / shape_[0];
  return wrap(storage_, static_cast<std::byte*>(data_) + first * stride, type_, part);
}

Tensor Tensor::clone() const {
  Tensor copy = empty(type_, shape_);
  std::memcpy(copy.data_, data_, bytes());
  return copy;
}

void Tensor::fill_zero() const {
  std::memset(data_, 0, bytes());
}

}  // namespace aludel::tensor
