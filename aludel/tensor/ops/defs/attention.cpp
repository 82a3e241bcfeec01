#include <algorithm>
#include <cmath>

#include "aludel/base/check.h"
#include "aludel/tensor/ops/samples.h"

namespace aludel::tensor {
namespace {

/// Queries of one token and head against the keys [first, token] of its document.
struct Query {
  std::span<const Array> inputs;
  std::size_t head_size;
  double scale;

  double score(std::size_t token, std::size_t head, std::size_t key, std::size_t kv_head) const {
    const double* q = &inputs[0].values[token * inputs[0].shape.columns() + head * head_size];
    const double* k = &inputs[1].values[key * inputs[1].shape.columns() + kv_head * head_size];
    double sum = 0;
    for (std::size_t d = 0; d < head_size; ++d) {
      sum += q[d] * k[d];
    }
    return sum * scale;
  }

  /// Writes the head's output for the token; returns the log of the sum of exp(score).
  double attend(std::size_t token, std::size_t head, std::size_t first, double* out) const {
    const std::size_t group = inputs[0].shape.columns() / inputs[1].shape.columns();
    std::vector<double> scores;
    for (std::size_t key = first; key <= token; ++key) {
      scores.push_back(score(token, head, key, head / group));
    }
    const double largest = *std::ranges::max_element(scores);
    double sum = 0;
    for (double& value : scores) {
      value = std::exp(value - largest);
      sum += value;
    }
    for (std::size_t key = first; key <= token; ++key) {
      const double* v =
          &inputs[2].values[key * inputs[2].shape.columns() + head / group * head_size];
      for (std::size_t d = 0; d < head_size; ++d) {
        out[d] += scores[key - first] / sum * v[d];
      }
    }
    return largest + std::log(sum);
  }
};

std::vector<Array> attention_reference(std::span<const Array> inputs,
                                       std::span<const double> numbers) {
  const auto head_size = static_cast<std::size_t>(numbers[0]);
  const std::size_t width = inputs[0].shape.columns();
  const std::size_t heads = width / head_size;
  const Query query{inputs, head_size, numbers[1]};
  Array y{inputs[0].shape, std::vector<double>(inputs[0].values.size())};
  Array log_sums{{y.shape.rows(), heads}, std::vector<double>(y.shape.rows() * heads)};
  for (std::size_t document = 0; document + 1 < inputs[3].values.size(); ++document) {
    const auto first = static_cast<std::size_t>(inputs[3].values[document]);
    const auto end = static_cast<std::size_t>(inputs[3].values[document + 1]);
    for (std::size_t token = first; token < end; ++token) {
      for (std::size_t head = 0; head < heads; ++head) {
        double* out = &y.values[token * width + head * head_size];
        log_sums.values[token * heads + head] = query.attend(token, head, first, out);
      }
    }
  }
  return {y, log_sums};
}

Sample sample_of(std::size_t heads, std::size_t kv_heads, std::size_t head_size,
                 const Array& starts) {
  const auto tokens = static_cast<std::size_t>(starts.values.back());
  return {
      .inputs = {random_array({tokens, heads * head_size}, 1),
                 random_array({tokens, kv_heads * head_size}, 2),
                 random_array({tokens, kv_heads * head_size}, 3), starts},
      .input_types = {DType::f32, DType::f32, DType::f32, DType::i32},
      .output_types = {DType::f32, DType::f32},
      .numbers = {static_cast<double>(head_size), 1 / std::sqrt(static_cast<double>(head_size))}};
}

}  // namespace

extern constinit const OpSpec op_attention = {
    .name = "attention",
    .summary = "Causal attention inside each document; each key head serves H/K query heads.",
    .source = "Dao 2023, arXiv:2307.08691; Ainslie et al. 2023, arXiv:2305.13245",
    .signature =
        "q [T, H*D], k [T, K*D], v [T, K*D], document starts [N+1] from 0 to T; D, factor "
        "on the scores -> y [T, H*D], log of the sum of exp(score) [T, H]",
    .differentiable = 0b0111,
    .gradient_reads = 0b1111,
    .gradient_reads_result = true,
    .output_shapes =
        [](std::span<const Shape> inputs, std::span<const double> numbers) {
          const auto head_size = static_cast<std::size_t>(numbers[0]);
          ALUDEL_CHECK(inputs[0].columns() % inputs[1].columns() == 0 &&
                           inputs[1].columns() % head_size == 0 && inputs[1] == inputs[2],
                       "[attention] heads do not fit");
          return std::vector<Shape>{inputs[0], {inputs[0].rows(), inputs[0].columns() / head_size}};
        },
    .reference = attention_reference,
    .samples =
        [] {
          std::vector<Sample> samples;
          add_with_bf16(samples, sample_of(1, 1, 4, vector_of({0, 1})), 0b111);
          add_with_bf16(samples, sample_of(4, 2, 8, vector_of({0, 20, 21, 48})), 0b111);
          add_with_bf16(samples, sample_of(3, 3, 17, vector_of({0, 63, 128})), 0b111);
          add_with_bf16(samples, sample_of(4, 1, 32, vector_of({0, 150})), 0b111);
          add_with_bf16(samples, sample_of(2, 1, 64, vector_of({0, 64, 129})), 0b111);
          return samples;
        },
};

}  // namespace aludel::tensor
