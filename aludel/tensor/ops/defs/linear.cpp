#include "aludel/base/check.h"
#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {

extern constinit const OpSpec op_linear = {
    .name = "linear",
    .summary = "Product with a weight matrix whose rows are the outputs; sums in f32.",
    .source = "linear algebra",
    .signature = "x [T, in], weight [out, in] -> x weight^T [T, out]",
    .differentiable = 0b11,
    .gradient_reads = 0b11,
    .output_shapes =
        [](std::span<const Shape> inputs, std::span<const double>) {
          ALUDEL_CHECK(inputs[0].columns() == inputs[1].columns(), "[linear] widths differ");
          return std::vector<Shape>{{inputs[0].rows(), inputs[1].rows()}};
        },
    .reference =
        [](std::span<const Array> inputs, std::span<const double>) {
          const std::size_t rows = inputs[0].shape.rows();
          const std::size_t width = inputs[0].shape.columns();
          const std::size_t columns = inputs[1].shape.rows();
          Array y{{rows, columns}, std::vector<double>(rows * columns)};
          for (std::size_t t = 0; t < rows; ++t) {
            for (std::size_t o = 0; o < columns; ++o) {
              double sum = 0;
              for (std::size_t i = 0; i < width; ++i) {
                sum += inputs[0].values[t * width + i] * inputs[1].values[o * width + i];
              }
              y.values[t * columns + o] = sum;
            }
          }
          return std::vector<Array>{y};
        },
    .samples =
        [] {
          std::vector<Sample> samples;
          for (const Shape& sizes : {Shape{1, 1, 1}, Shape{3, 17, 5}, Shape{48, 64, 176},
                                     Shape{300, 40, 130}, Shape{70, 33, 520}}) {
            add_with_bf16(samples,
                          {.inputs = {random_array({sizes[0], sizes[1]}, 1),
                                      random_array({sizes[2], sizes[1]}, 2)},
                           .input_types = {DType::f32, DType::f32},
                           .output_types = {DType::f32},
                           .numbers = {}},
                          0b11);
          }
          return samples;
        },
};

}  // namespace aludel::tensor
