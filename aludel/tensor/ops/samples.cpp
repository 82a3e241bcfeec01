#include "aludel/tensor/ops/samples.h"

#include "aludel/base/rng.h"

namespace aludel::tensor {

Array random_array(const Shape& shape, std::uint64_t seed, double scale) {
  Rng rng(seed, shape.elements());
  Array array{shape, std::vector<double>(shape.elements())};
  for (double& value : array.values) {
    value = scale * rng.normal();
  }
  return array;
}

Array vector_of(std::initializer_list<double> values) {
  return {{values.size()}, values};
}

void add_with_bf16(std::vector<Sample>& samples, const Sample& sample, std::uint32_t bf16_inputs) {
  samples.push_back(sample);
  Sample narrow = sample;
  for (std::size_t i = 0; i < narrow.input_types.size(); ++i) {
    if ((bf16_inputs >> i & 1U) != 0) narrow.input_types[i] = DType::bf16;
  }
  narrow.output_types[0] = DType::bf16;
  samples.push_back(narrow);
}

}  // namespace aludel::tensor
