#include "aludel/models/weights.h"

#include <cmath>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/base/rng.h"

namespace aludel::models {

const tensor::Tensor& Weights::at(std::string_view name) const {
  const auto found = by_name_.find(name);
  ALUDEL_CHECK(found != by_name_.end(), "[weights] no weight of that name");
  return found->second;
}

Weights initial_weights(const Model& model, std::uint64_t seed) {
  const double deviation = std::sqrt(2.0 / (5.0 * static_cast<double>(model.config.width)));
  Weights weights;
  for (const WeightInfo& info : model.description.weights(model.config)) {
    const tensor::Tensor weight = tensor::Tensor::empty(tensor::DType::f32, info.shape);
    Rng rng(seed, hash64(info.name));
    for (float& value : weight.span<float>()) {
      value = info.initial == Initial::ones ? 1.0F : static_cast<float>(deviation * rng.normal());
    }
    weights.set(info.name, weight);
  }
  return weights;
}

}  // namespace aludel::models
