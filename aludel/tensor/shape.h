#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>

namespace aludel::tensor {

/// Lengths of up to four axes, outermost first. [] is one element.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<std::size_t> lengths);
  explicit Shape(std::span<const std::size_t> lengths);

  std::size_t rank() const { return rank_; }

  std::size_t operator[](std::size_t axis) const { return lengths_[axis]; }

  std::size_t elements() const;

  /// A tensor seen as a matrix: columns() is the last axis (1 if there is none).
  std::size_t columns() const { return rank_ == 0 ? 1 : lengths_[rank_ - 1]; }

  std::size_t rows() const { return columns() == 0 ? 0 : elements() / columns(); }

  bool operator==(const Shape& other) const = default;

  /// "[2, 48]"
  std::string text() const;

 private:
  static constexpr std::size_t kMaxRank = 4;
  std::array<std::size_t, kMaxRank> lengths_{};
  std::size_t rank_ = 0;
};

}  // namespace aludel::tensor
