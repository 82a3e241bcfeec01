#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace aludel::text {

/// Codebooks that stand for vectors: a vector is cut into parts of `part_size` numbers (the last
/// may be shorter), and one byte names the centroid of each part. Source: Jegou, Douze & Schmid
/// 2011, "Product quantization for nearest neighbor search".
struct ProductQuantiser {
  static constexpr std::size_t kCentroids = 256;

  std::size_t size = 0;  // numbers in a vector
  std::size_t part_size = 0;
  std::vector<float> centroids;  // [parts][256][numbers of the part]

  std::size_t parts() const { return (size + part_size - 1) / part_size; }

  /// The centroid of part `part` that `code` names.
  std::span<const float> centroid(std::size_t part, std::uint8_t code) const;
};

/// A matrix of a fastText model, as it is stored: f32, or one code for each part of a row, with the
/// row's length in a code of its own where `norm_codes` is not empty. Concurrent calls: yes.
/// REQUIRES of the calls: row < rows, and vectors of `columns` numbers.
struct FastTextMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> dense;  // [rows, columns]; empty for a quantised one
  std::vector<std::uint8_t> codes;
  ProductQuantiser quantiser;
  std::vector<std::uint8_t> norm_codes;
  ProductQuantiser norm_quantiser;

  /// sum += row, in f32, in the order in which fastText adds.
  void add_row(std::size_t row, std::span<float> sum) const;

  /// The inner product of a row and `vector`, in f32.
  float dot_row(std::size_t row, std::span<const float> vector) const;

 private:
  float norm(std::size_t row) const;
};

}  // namespace aludel::text
