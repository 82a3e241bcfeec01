#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

#include "aludel/base/check.h"
#include "aludel/tensor/dtype.h"
#include "aludel/tensor/shape.h"

namespace aludel::tensor {

/// The DType whose elements are stored as T.
template <class T>
constexpr DType dtype_of() {
  using Element = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Element, float>) return DType::f32;
  if constexpr (std::is_same_v<Element, Bf16>) return DType::bf16;
  if constexpr (std::is_same_v<Element, std::uint16_t>) return DType::f16;
  if constexpr (std::is_same_v<Element, std::int32_t>) return DType::i32;
  if constexpr (std::is_same_v<Element, std::int64_t>) return DType::i64;
  if constexpr (std::is_same_v<Element, std::int8_t>) return DType::i8;
  if constexpr (std::is_same_v<Element, std::uint8_t>) return DType::u8;
}

/// A contiguous, row-major array: a handle on shared storage. Copying a handle copies no element
/// (clone() does), and a const Tensor's elements may be written, as with a pointer.
/// Storage made here begins at a multiple of 64 bytes. Concurrent calls: yes, as a shared_ptr.
class Tensor {
 public:
  /// No storage: defined() is false.
  Tensor() = default;

  /// New storage; empty() leaves the elements as they are.
  static Tensor empty(DType type, const Shape& shape);
  static Tensor zeros(DType type, const Shape& shape);

  /// New storage with a copy of the values. REQUIRES: as many as the shape has.
  template <class T>
  static Tensor of(std::span<const T> values, const Shape& shape) {
    ALUDEL_CHECK(values.size() == shape.elements(), "[tensor] values do not fill the shape");
    Tensor tensor = empty(dtype_of<T>(), shape);
    std::copy(values.begin(), values.end(), tensor.data<T>());
    return tensor;
  }

  /// Elements that somebody else keeps alive through `storage` (a mapped file, a pool's buffer).
  static Tensor wrap(std::shared_ptr<void> storage, void* data, DType type, const Shape& shape);

  bool defined() const { return data_ != nullptr; }

  DType dtype() const { return type_; }

  const Shape& shape() const { return shape_; }

  std::size_t elements() const { return shape_.elements(); }

  std::size_t bytes() const { return elements() * size_bytes(type_); }

  void* raw() const { return data_; }

  template <class T>
  T* data() const {
    ALUDEL_CHECK(type_ == dtype_of<T>(), "[tensor] read as another dtype");
    return static_cast<T*>(data_);
  }

  template <class T>
  std::span<T> span() const {
    return {data<T>(), elements()};
  }

  /// The same elements under another shape of as many elements.
  Tensor view(const Shape& shape) const;

  /// Entries [first, first + count) of the first axis, sharing storage.
  Tensor slice(std::size_t first, std::size_t count) const;

  /// New storage with the same elements.
  Tensor clone() const;

  /// Dtype and shape alone: defined() is false.
  Tensor without_storage() const { return wrap({}, nullptr, type_, shape_); }

  void fill_zero() const;

 private:
  std::shared_ptr<void> storage_;
  void* data_ = nullptr;
  Shape shape_;
  DType type_ = DType::f32;
};

}  // namespace aludel::tensor
