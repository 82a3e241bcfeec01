#include <cmath>

#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {

extern constinit const OpSpec op_adamw = {
    .name = "adamw",
    .summary = "One AdamW update with decoupled decay; the outputs may be the inputs.",
    .source = "Loshchilov & Hutter 2017, arXiv:1711.05101, in the order of torch.optim.AdamW",
    .signature =
        "parameter [...], gradient [...], mean [...], square [...]; learning rate, beta1, "
        "beta2, epsilon, decay, step from 1, factor on the gradient -> parameter [...], "
        "mean [...], square [...]",
    .tolerance = 1e-6,
    .output_shapes =
        [](std::span<const Shape> inputs, std::span<const double>) {
          return std::vector<Shape>{inputs[0], inputs[0], inputs[0]};
        },
    .reference =
        [](std::span<const Array> inputs, std::span<const double> numbers) {
          const double rate = numbers[0];
          const double mean_correction = 1 - std::pow(numbers[1], numbers[5]);
          const double square_correction = 1 - std::pow(numbers[2], numbers[5]);
          std::vector<Array> out{inputs[0], inputs[2], inputs[3]};
          for (std::size_t i = 0; i < out[0].values.size(); ++i) {
            const double gradient = numbers[6] * inputs[1].values[i];
            double& mean = out[1].values[i];
            double& square = out[2].values[i];
            mean = numbers[1] * mean + (1 - numbers[1]) * gradient;
            square = numbers[2] * square + (1 - numbers[2]) * gradient * gradient;
            const double size = std::sqrt(square / square_correction) + numbers[3];
            double& parameter = out[0].values[i];
            parameter *= 1 - rate * numbers[4];
            parameter -= rate * mean / mean_correction / size;
          }
          return out;
        },
    .samples =
        [] {
          std::vector<Sample> samples;
          for (const std::size_t size : {1U, 15U, 16U, 17U, 40000U}) {
            Array squares = random_array({size}, 4);
            for (double& value : squares.values) {
              value *= value;
            }
            samples.push_back({.inputs = {random_array({size}, 1), random_array({size}, 2),
                                          random_array({size}, 3), squares},
                               .input_types = std::vector<DType>(4, DType::f32),
                               .output_types = std::vector<DType>(3, DType::f32),
                               .numbers = {3e-3, 0.9, 0.95, 1e-8, 0.1, 3, 0.5}});
          }
          return samples;
        },
};

}  // namespace aludel::tensor
