#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {

extern constinit const OpSpec op_cast = {
    .name = "cast",
    .summary = "The same values as f32 or bf16, rounded to nearest even.",
    .source = "IEEE 754-2008, 4.3.1",
    .signature = "x [...] -> x [...]",
    .output_shapes = [](std::span<const Shape> inputs,
                        std::span<const double>) { return std::vector<Shape>{inputs[0]}; },
    .reference = [](std::span<const Array> inputs,
                    std::span<const double>) { return std::vector<Array>{inputs[0]}; },
    .samples =
        [] {
          std::vector<Sample> samples;
          for (const std::size_t size : {1U, 15U, 16U, 17U, 40000U}) {
            for (const DType from : {DType::f32, DType::bf16}) {
              for (const DType to : {DType::f32, DType::bf16}) {
                samples.push_back({.inputs = {random_array({size}, 1)},
                                   .input_types = {from},
                                   .output_types = {to},
                                   .numbers = {}});
              }
            }
          }
          return samples;
        },
};

}  // namespace aludel::tensor
