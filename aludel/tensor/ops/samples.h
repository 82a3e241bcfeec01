#pragma once

#include <cstdint>
#include <initializer_list>

#include "aludel/tensor/op.h"

namespace aludel::tensor {

/// Normal values of standard deviation `scale`; the same for the same seed.
Array random_array(const Shape& shape, std::uint64_t seed, double scale = 1.0);

/// A vector of these values.
Array vector_of(std::initializer_list<double> values);

/// The sample as it is, and once more with the marked inputs (bit i: input i) and the first output
/// in bf16.
void add_with_bf16(std::vector<Sample>& samples, const Sample& sample, std::uint32_t bf16_inputs);

}  // namespace aludel::tensor
