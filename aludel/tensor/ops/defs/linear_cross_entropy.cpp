#include <algorithm>
#include <cmath>

#include "aludel/base/check.h"
#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {
namespace {

/// -log softmax(weight x)[label], 0 without a label.
double token_loss(const double* x, const Array& weight, double label) {
  if (label < 0) return 0;
  const std::size_t width = weight.shape.columns();
  std::vector<double> logits;
  for (std::size_t v = 0; v < weight.shape.rows(); ++v) {
    double sum = 0;
    for (std::size_t c = 0; c < width; ++c) {
      sum += x[c] * weight.values[v * width + c];
    }
    logits.push_back(sum);
  }
  const double largest = *std::ranges::max_element(logits);
  double sum = 0;
  for (const double logit : logits) {
    sum += std::exp(logit - largest);
  }
  return largest + std::log(sum) - logits[static_cast<std::size_t>(label)];
}

}  // namespace

extern constinit const OpSpec op_linear_cross_entropy = {
    .name = "linear_cross_entropy",
    .summary =
        "Loss of each token from the last hidden state, a chunk of logits at a time; its "
        "gradient also writes the loss, so training runs the gradient alone.",
    .source = "Hsu et al. 2024, arXiv:2410.10989",
    .signature = "x [T, C], weight [V, C], labels [T], negative: no loss -> loss of each token [T]",
    .differentiable = 0b011,
    .gradient_reads = 0b111,
    .gradient_reads_result = true,
    .output_shapes =
        [](std::span<const Shape> inputs, std::span<const double>) {
          ALUDEL_CHECK(inputs[0].columns() == inputs[1].columns() &&
                           inputs[0].rows() == inputs[2].elements(),
                       "[linear_cross_entropy] shapes do not fit");
          return std::vector<Shape>{{inputs[0].rows()}};
        },
    .reference =
        [](std::span<const Array> inputs, std::span<const double>) {
          const std::size_t width = inputs[0].shape.columns();
          Array losses{{inputs[0].shape.rows()}, {}};
          for (std::size_t t = 0; t < inputs[0].shape.rows(); ++t) {
            losses.values.push_back(
                token_loss(&inputs[0].values[t * width], inputs[1], inputs[2].values[t]));
          }
          return std::vector<Array>{losses};
        },
    .samples =
        [] {
          std::vector<Sample> samples;
          const Array labels = vector_of({3, -100, 0, 40, 7, 7, -100});
          for (const std::size_t vocabulary : {41U, 320U}) {
            Sample sample = {
                .inputs = {random_array({7, 24}, 1), random_array({vocabulary, 24}, 2), labels},
                .input_types = {DType::f32, DType::f32, DType::i32},
                .output_types = {DType::f32},
                .numbers = {}};
            samples.push_back(sample);
            sample.input_types = {DType::bf16, DType::bf16, DType::i32};
            samples.push_back(sample);
          }
          return samples;
        },
};

}  // namespace aludel::tensor
