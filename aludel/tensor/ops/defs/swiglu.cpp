#include <cmath>

#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {

extern constinit const OpSpec op_swiglu = {
    .name = "swiglu",
    .summary = "silu(gate) * up, silu(x) = x / (1 + exp(-x)).",
    .source = "Shazeer 2020, arXiv:2002.05202",
    .signature = "gate [...], up [...] -> y [...]",
    .differentiable = 0b11,
    .gradient_reads = 0b11,
    .output_shapes = [](std::span<const Shape> inputs,
                        std::span<const double>) { return std::vector<Shape>{inputs[0]}; },
    .reference =
        [](std::span<const Array> inputs, std::span<const double>) {
          Array y = inputs[0];
          for (std::size_t i = 0; i < y.values.size(); ++i) {
            y.values[i] *= inputs[1].values[i] / (1 + std::exp(-y.values[i]));
          }
          return std::vector<Array>{y};
        },
    .samples =
        [] {
          std::vector<Sample> samples;
          for (const std::size_t size : {1U, 15U, 16U, 17U, 40000U}) {
            add_with_bf16(samples,
                          {.inputs = {random_array({size}, 1, 5.0), random_array({size}, 2)},
                           .input_types = {DType::f32, DType::f32},
                           .output_types = {DType::f32},
                           .numbers = {}},
                          0b11);
          }
          return samples;
        },
};

}  // namespace aludel::tensor
