#include <cmath>

#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {

extern constinit const OpSpec op_rope = {
    .name = "rope",
    .summary = "Rotary positions: in each head, pair (d, d + D/2) turns by its token's angle.",
    .source = "Su et al. 2021, arXiv:2104.09864; the half-rotation of Hugging Face's Llama",
    .signature = "x [T, H*D], cosines [T, D/2], sines [T, D/2] -> y [T, H*D]",
    .differentiable = 0b001,
    .gradient_reads = 0b110,
    .output_shapes = [](std::span<const Shape> inputs,
                        std::span<const double>) { return std::vector<Shape>{inputs[0]}; },
    .reference =
        [](std::span<const Array> inputs, std::span<const double>) {
          Array y = inputs[0];
          const std::size_t width = y.shape.columns();
          const std::size_t half = inputs[1].shape.columns();
          for (std::size_t t = 0; t < y.shape.rows(); ++t) {
            for (std::size_t head = 0; head < width; head += 2 * half) {
              for (std::size_t d = 0; d < half; ++d) {
                double& first = y.values[t * width + head + d];
                double& second = y.values[t * width + head + half + d];
                const double cosine = inputs[1].values[t * half + d];
                const double sine = inputs[2].values[t * half + d];
                const double turned = first * cosine - second * sine;
                second = second * cosine + first * sine;
                first = turned;
              }
            }
          }
          return std::vector<Array>{y};
        },
    .samples =
        [] {
          std::vector<Sample> samples;
          for (const Shape& sizes : {Shape{1, 1, 1}, Shape{5, 3, 4}, Shape{9, 2, 16},
                                     Shape{70, 4, 17}, Shape{3, 1, 64}}) {
            Array angles = random_array({sizes[0], sizes[2]}, 2, 3.0);
            Array sines = angles;
            for (double& value : sines.values) {
              value = std::sin(value);
            }
            for (double& value : angles.values) {
              value = std::cos(value);
            }
            add_with_bf16(
                samples,
                {.inputs = {random_array({sizes[0], sizes[1] * 2 * sizes[2]}, 1), angles, sines},
                 .input_types = {DType::f32, DType::f32, DType::f32},
                 .output_types = {DType::f32},
                 .numbers = {}},
                0b001);
          }
          return samples;
        },
};

}  // namespace aludel::tensor
