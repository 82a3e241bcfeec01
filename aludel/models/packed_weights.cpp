#include "aludel/models/packed_weights.h"

#include <fmt/format.h>

#include "aludel/models/weight_files.h"

namespace aludel::models {

using tensor::DType;
using tensor::PackedMatrix;
using tensor::Tensor;

std::size_t PackedWeights::bytes() const {
  std::size_t sum = 0;
  for (const auto& [name, matrix] : matrices)
    sum += matrix.bytes();
  for (const auto& [name, vector] : vectors)
    sum += vector.bytes();
  return sum;
}

PackedWeights pack_weights(const Weights& weights) {
  PackedWeights packed;
  for (const auto& [name, weight] : weights.all()) {
    if (weight.shape().rank() == 2) {
      packed.matrices.emplace(name, PackedMatrix::pack(weight));
    } else {
      packed.vectors.emplace(name, weight);
    }
  }
  return packed;
}

Result<PackedWeights> load_packed_weights(io::FileSystem& files, const std::string& folder,
                                          const Model& model) {
  const WeightFiles opened = ALUDEL_TRY(WeightFiles::open(files, folder, model));
  PackedWeights packed;
  for (const WeightInfo& info : model.description.weights(model.config)) {
    const io::TensorView* view = ALUDEL_TRY(opened.find(info.name));
    auto weight = read_weight(*view, info.shape, view->dtype == "BF16" ? DType::bf16 : DType::f32);
    if (!weight) return std::move(weight).error().with_context(folder);
    if (info.shape.rank() == 2) {
      packed.matrices.emplace(info.name, PackedMatrix::pack(weight.value()));
    } else {
      packed.vectors.emplace(info.name, std::move(weight).value());
    }
  }
  return packed;
}

}  // namespace aludel::models
