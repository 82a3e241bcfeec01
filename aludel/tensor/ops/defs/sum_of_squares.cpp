#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {

extern constinit const OpSpec op_sum_of_squares = {
    .name = "sum_of_squares",
    .summary = "Sum of the squared elements, for the norm of all gradients.",
    .source = "Pascanu et al. 2012, arXiv:1211.5063",
    .signature = "x [...] -> sum [1]",
    .output_shapes = [](std::span<const Shape>,
                        std::span<const double>) { return std::vector<Shape>{{1}}; },
    .reference =
        [](std::span<const Array> inputs, std::span<const double>) {
          double sum = 0;
          for (const double value : inputs[0].values) {
            sum += value * value;
          }
          return std::vector<Array>{{{1}, {sum}}};
        },
    .samples =
        [] {
          std::vector<Sample> samples;
          for (const std::size_t size : {1U, 15U, 16U, 17U, 100000U}) {
            samples.push_back({.inputs = {random_array({size}, 1)},
                               .input_types = {DType::f32},
                               .output_types = {DType::f32},
                               .numbers = {}});
          }
          return samples;
        },
};

}  // namespace aludel::tensor
