#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {

extern constinit const OpSpec op_add = {
    .name = "add",
    .summary = "Sum of two tensors of one shape: the residual connection.",
    .source = "He et al. 2015, arXiv:1512.03385",
    .signature = "a [...], b [...] -> a + b [...]",
    .differentiable = 0b11,
    .output_shapes = [](std::span<const Shape> inputs,
                        std::span<const double>) { return std::vector<Shape>{inputs[0]}; },
    .reference =
        [](std::span<const Array> inputs, std::span<const double>) {
          Array sum = inputs[0];
          for (std::size_t i = 0; i < sum.values.size(); ++i) {
            sum.values[i] += inputs[1].values[i];
          }
          return std::vector<Array>{sum};
        },
    .samples =
        [] {
          std::vector<Sample> samples;
          for (const std::size_t size : {1U, 15U, 16U, 17U, 40000U}) {
            add_with_bf16(samples,
                          {.inputs = {random_array({size}, 1), random_array({size}, 2)},
                           .input_types = {DType::f32, DType::f32},
                           .output_types = {DType::f32},
                           .numbers = {}},
                          0b10);
          }
          return samples;
        },
};

}  // namespace aludel::tensor
