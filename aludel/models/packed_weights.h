#pragma once
// The weights of a model as inference uses them.

#include <map>
#include <string>
#include <string_view>

#include "aludel/models/weights.h"
#include "aludel/tensor/packed/packed_matrix.h"

namespace aludel::models {

/// Matrices packed for products, vectors as they are; by full name.
struct PackedWeights {
  std::map<std::string, tensor::PackedMatrix, std::less<>> matrices;
  std::map<std::string, tensor::Tensor, std::less<>> vectors;

  /// Memory that they take.
  std::size_t bytes() const;
};

/// Packs every matrix in its own dtype.
PackedWeights pack_weights(const Weights& weights);

/// Reads FOLDER's weights, quantised or not (docs/formats/quantised.md): bf16 matrices stay bf16,
/// f32 and f16 ones become f32. Errors: as load_weights.
Result<PackedWeights> load_packed_weights(io::FileSystem& files, const std::string& folder,
                                          const Model& model);

}  // namespace aludel::models
