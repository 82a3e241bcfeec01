#include <cmath>

#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {

extern constinit const OpSpec op_rms_norm = {
    .name = "rms_norm",
    .summary = "y = x / sqrt(mean(x^2) + epsilon) * weight over the last axis.",
    .source = "Zhang & Sennrich 2019, arXiv:1910.07467",
    .signature = "x [T, C], weight [C]; epsilon -> y [T, C], 1 / root mean square [T]",
    .differentiable = 0b11,
    .gradient_reads = 0b11,
    .output_shapes =
        [](std::span<const Shape> inputs, std::span<const double>) {
          return std::vector<Shape>{inputs[0], {inputs[0].rows()}};
        },
    .reference =
        [](std::span<const Array> inputs, std::span<const double> numbers) {
          Array y = inputs[0];
          const std::size_t width = y.shape.columns();
          Array inverse{{y.shape.rows()}, {}};
          for (std::size_t t = 0; t < y.shape.rows(); ++t) {
            double* row = &y.values[t * width];
            double squares = 0;
            for (std::size_t c = 0; c < width; ++c) {
              squares += row[c] * row[c];
            }
            inverse.values.push_back(1 /
                                     std::sqrt(squares / static_cast<double>(width) + numbers[0]));
            for (std::size_t c = 0; c < width; ++c) {
              row[c] *= inverse.values.back() * inputs[1].values[c];
            }
          }
          return std::vector<Array>{y, inverse};
        },
    .samples =
        [] {
          std::vector<Sample> samples;
          for (const Shape& shape :
               {Shape{1, 3}, Shape{3, 17}, Shape{70, 64}, Shape{9, 256}, Shape{2, 15}}) {
            const Sample sample = {.inputs = {random_array(shape, 1), random_array({shape[1]}, 2)},
                                   .input_types = {DType::f32, DType::f32},
                                   .output_types = {DType::f32, DType::f32},
                                   .numbers = {1e-5}};
            add_with_bf16(samples, sample, 0b00);
            add_with_bf16(samples, sample, 0b01);
          }
          return samples;
        },
};

}  // namespace aludel::tensor
