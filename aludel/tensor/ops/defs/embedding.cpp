#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {

extern constinit const OpSpec op_embedding = {
    .name = "embedding",
    .summary = "The rows of a table that the ids name.",
    .source = "Bengio et al. 2003, A neural probabilistic language model",
    .signature = "ids [T], table [V, C] -> y [T, C]",
    .differentiable = 0b10,
    .gradient_reads = 0b01,
    .output_shapes =
        [](std::span<const Shape> inputs, std::span<const double>) {
          return std::vector<Shape>{{inputs[0].elements(), inputs[1].columns()}};
        },
    .reference =
        [](std::span<const Array> inputs, std::span<const double>) {
          const std::size_t width = inputs[1].shape.columns();
          Array y{{inputs[0].values.size(), width}, {}};
          for (const double id : inputs[0].values) {
            const auto row = inputs[1].values.begin() +
                             static_cast<std::ptrdiff_t>(id) * static_cast<std::ptrdiff_t>(width);
            y.values.insert(y.values.end(), row, row + static_cast<std::ptrdiff_t>(width));
          }
          return std::vector<Array>{y};
        },
    .samples =
        [] {
          std::vector<Sample> samples;
          for (const std::size_t width : {1U, 17U, 64U, 200U}) {
            add_with_bf16(samples,
                          {.inputs = {vector_of({3, 0, 4, 3, 3}), random_array({5, width}, 1)},
                           .input_types = {DType::i32, DType::f32},
                           .output_types = {DType::f32},
                           .numbers = {}},
                          0b10);
          }
          return samples;
        },
};

}  // namespace aludel::tensor
