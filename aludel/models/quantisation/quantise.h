#pragma once
// Weights in groups of 8 or 4 bits: w = scale * q + offset. Layout: docs/formats/quantised.md.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/tensor/device.h"
#include "aludel/tensor/packed/packed_matrix.h"

namespace aludel::models {

/// A way to store a model's matrices.
struct QuantisationScheme {
  std::string_view name;
  std::string_view summary;
  std::string_view source;
  tensor::PackedFormat format;            // of the blocks' matrices
  tensor::PackedFormat embedding_format;  // of the embedding table and the head
  std::size_t group;                      // elements along K that share scale and offset
};

std::span<const QuantisationScheme> all_quantisation_schemes();

/// REQUIRES: one of all_quantisation_schemes() has that name.
const QuantisationScheme& quantisation_scheme(std::string_view name);

/// A quantised matrix with its memory.
struct QuantisedTensor {
  tensor::PackedFormat format = tensor::PackedFormat::q4;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t group = 0;
  std::vector<std::uint8_t> q;        // [N, K * bits / 8]
  std::vector<tensor::Bf16> scales;   // [N, K / group]
  std::vector<tensor::Bf16> offsets;  // [N, K / group]
  double squared_error = 0;           // summed over the elements
  double squared_norm = 0;            // of the matrix before

  tensor::QuantisedMatrix view() const {
    return {format, rows, columns, group, q, scales, offsets};
  }
};

/// Scales and offsets up to this size give finite weights.
inline constexpr float kLargestQuantised = 1e30F;

/// Whether rows of that length can be cut into groups.
bool can_quantise(std::size_t columns, std::size_t group);

/// Rounds an f32 matrix [N, K] to the nearest levels; each group's scale and offset are those of a
/// few that leave the smallest squared error. The same bytes for any number of threads.
/// REQUIRES: can_quantise(K, group), and elements up to kLargestQuantised in size.
QuantisedTensor quantise(tensor::Device& device, const tensor::Tensor& matrix,
                         tensor::PackedFormat format, std::size_t group);

}  // namespace aludel::models
