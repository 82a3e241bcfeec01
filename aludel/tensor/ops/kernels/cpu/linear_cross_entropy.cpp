#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/ops/kernels/cpu/linear_cross_entropy.cpp"
#include <cmath>
#include <limits>

#include <hwy/foreach_target.h>

#include "aludel/tensor/gemm.h"
#include "aludel/tensor/op.h"
#include "aludel/tensor/ops/kernels/cpu/simd/lanes-inl.h"
#include "aludel/tensor/parallel.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

/// -log softmax(row `r` of logits)[label].
float token_loss(const Tensor& logits, std::size_t r, std::size_t label, float& log_sum) {
  const Lanes lanes;
  const std::size_t width = logits.shape().columns();
  const Elements row(logits, r * width, width);
  const float* values = logits.data<float>() + r * width;
  const std::size_t whole = width / hn::Lanes(lanes) * hn::Lanes(lanes);
  auto largest_lanes = hn::Set(lanes, -std::numeric_limits<float>::infinity());
  for (std::size_t v = 0; v < whole; v += hn::Lanes(lanes)) {
    largest_lanes = hn::Max(largest_lanes, load(row, v));
  }
  float largest = hn::GetLane(hn::MaxOfLanes(lanes, largest_lanes));
  for (std::size_t v = whole; v < width; ++v) {
    largest = std::max(largest, values[v]);
  }
  const auto shift = hn::Set(lanes, largest);
  auto sum_lanes = hn::Zero(lanes);
  for (std::size_t v = 0; v < whole; v += hn::Lanes(lanes)) {
    sum_lanes = hn::Add(sum_lanes, exponential(hn::Sub(load(row, v), shift)));
  }
  float sum = hn::GetLane(hn::SumOfLanes(lanes, sum_lanes));
  for (std::size_t v = whole; v < width; ++v) {
    sum += std::exp(values[v] - largest);
  }
  log_sum = largest + std::log(sum);
  return log_sum - values[label];
}

/// Row r of out = factor * softmax(row r of logits); `out` may be the logits.
void scaled_softmax(const Tensor& logits, std::size_t r, float log_sum, float factor,
                    const Tensor& out) {
  const Lanes lanes;
  const std::size_t width = logits.shape().columns();
  const Elements from(logits, r * width, width);
  const Elements to(out, r * width, width);
  const auto shift = hn::Set(lanes, log_sum);
  for (std::size_t v = 0; v < width; v += hn::Lanes(lanes)) {
    const auto share = exponential(hn::Sub(load(from, v), shift));
    store(hn::Mul(share, hn::Set(lanes, factor)), to, v);
  }
}

void add_row(const Tensor& from, std::size_t from_row, const Tensor& to, std::size_t to_row) {
  const std::size_t width = from.shape().columns();
  const Elements source(from, from_row * width, width);
  const Elements target(to, to_row * width, width);
  for (std::size_t c = 0; c < width; c += hn::Lanes(Lanes())) {
    accumulate(load(source, c), target, c, true);
  }
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(token_loss);
HWY_EXPORT(scaled_softmax);
HWY_EXPORT(add_row);

namespace {

/// Tokens of one chunk that have a label, and their rows of x.
struct Chunk {
  std::span<const std::size_t> tokens;
  Tensor x;
  Tensor logits;  // [tokens, V] f32
};

/// The tokens that have a label.
std::vector<std::size_t> labelled(const OpCall& call) {
  std::vector<std::size_t> tokens;
  const auto labels = call.inputs[2].span<std::int32_t>();
  const auto vocabulary = static_cast<std::int32_t>(call.inputs[1].shape().rows());
  for (std::size_t t = 0; t < labels.size(); ++t) {
    ALUDEL_CHECK(labels[t] < vocabulary, "[linear_cross_entropy] label outside the vocabulary");
    if (labels[t] >= 0) tokens.push_back(t);
  }
  return tokens;
}

/// Tokens whose logits are formed at once: about 16 MB of them.
std::size_t chunk_tokens(std::size_t vocabulary) {
  constexpr std::size_t kLogits = std::size_t{4} << 20;
  return std::clamp<std::size_t>(kLogits / vocabulary / 64 * 64, 64, 1024);
}

Chunk open_chunk(Device& device, const OpCall& call, std::span<const std::size_t> tokens) {
  const Tensor& x = call.inputs[0];
  const Tensor& weight = call.inputs[1];
  const std::size_t width = x.shape().columns();
  Chunk chunk{tokens, device.temporary(x.dtype(), {tokens.size(), width}),
              device.temporary(DType::f32, {tokens.size(), weight.shape().rows()})};
  const std::size_t row_bytes = width * size_bytes(x.dtype());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::memcpy(static_cast<std::byte*>(chunk.x.raw()) + i * row_bytes,
                static_cast<const std::byte*>(x.raw()) + tokens[i] * row_bytes, row_bytes);
  }
  gemm(device, matrix_of(chunk.x), matrix_of(weight).transposed(), matrix_of(chunk.logits));
  return chunk;
}

/// Writes the losses of the chunk; log_sums [tokens] of its logits come back.
std::vector<float> write_losses(Device& device, const OpCall& call, const Chunk& chunk) {
  const std::int32_t* labels = call.inputs[2].data<std::int32_t>();
  float* losses = call.outputs[0].data<float>();
  std::vector<float> log_sums(chunk.tokens.size());
  const std::size_t grain = rows_per_task(chunk.logits.shape().columns());
  parallel_ranges(device, chunk.tokens.size(), grain, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const std::size_t token = chunk.tokens[i];
      const auto label = static_cast<std::size_t>(labels[token]);
      losses[token] = HWY_DYNAMIC_DISPATCH(token_loss)(chunk.logits, i, label, log_sums[i]);
    }
  });
  return log_sums;
}

/// d loss / d logits = (softmax - one at the label) * gradient of the token's loss.
Tensor logits_gradient(Device& device, const GradientCall& call, const Chunk& chunk,
                       std::span<const float> log_sums) {
  const bool narrow = chunk.x.dtype() == DType::bf16 && device.has_fast_bf16();
  const std::size_t width = chunk.logits.shape().columns();
  Tensor out = narrow ? device.temporary(DType::bf16, chunk.logits.shape()) : chunk.logits;
  const std::int32_t* labels = call.forward.inputs[2].data<std::int32_t>();
  const float* factors = call.of_result.data<float>();
  parallel_ranges(device, chunk.tokens.size(), rows_per_task(width),
                  [&](std::size_t first, std::size_t last) {
                    for (std::size_t i = first; i < last; ++i) {
                      const std::size_t token = chunk.tokens[i];
                      const float factor = factors[token];
                      const std::size_t at = i * width + static_cast<std::size_t>(labels[token]);
                      const float logit = chunk.logits.data<float>()[at];
                      HWY_DYNAMIC_DISPATCH(scaled_softmax)
                      (chunk.logits, i, log_sums[i], factor, out);
                      const float value = factor * (std::exp(logit - log_sums[i]) - 1.0F);
                      if (narrow) {
                        out.data<Bf16>()[at] = to_bf16(value);
                      } else {
                        out.data<float>()[at] = value;
                      }
                    }
                  });
  return out;
}

/// Runs body(chunk, log_sums) for chunk after chunk; losses of tokens without label become 0.
template <class Body>
void for_each_chunk(Device& device, const OpCall& call, const Body& body) {
  call.outputs[0].fill_zero();
  const std::vector<std::size_t> tokens = labelled(call);
  const std::size_t grain = chunk_tokens(call.inputs[1].shape().rows());
  for (std::size_t first = 0; first < tokens.size(); first += grain) {
    const std::size_t count = std::min(grain, tokens.size() - first);
    const Chunk chunk = open_chunk(device, call, std::span(tokens).subspan(first, count));
    body(chunk, write_losses(device, call, chunk));
  }
}

void run_gradients(Device& device, const GradientCall& call) {
  const GradientSlot& dx = call.of_inputs[0];
  const GradientSlot& dweight = call.of_inputs[1];
  if (dx.tensor.defined() && dx.write == Write::replace) dx.tensor.fill_zero();
  if (dweight.tensor.defined() && dweight.write == Write::replace) dweight.tensor.fill_zero();
  for_each_chunk(device, call.forward, [&](const Chunk& chunk, std::span<const float> log_sums) {
    const Tensor dlogits = logits_gradient(device, call, chunk, log_sums);
    if (dweight.tensor.defined()) {
      gemm(device, matrix_of(dlogits).transposed(), matrix_of(chunk.x), matrix_of(dweight.tensor),
           Write::add);
    }
    if (!dx.tensor.defined()) return;
    const Tensor part = device.temporary(DType::f32, chunk.x.shape());
    gemm(device, matrix_of(dlogits), matrix_of(call.forward.inputs[1]), matrix_of(part));
    parallel_ranges(device, chunk.tokens.size(), rows_per_task(part.shape().columns()),
                    [&](std::size_t first, std::size_t last) {
                      for (std::size_t i = first; i < last; ++i) {
                        HWY_DYNAMIC_DISPATCH(add_row)(part, i, dx.tensor, chunk.tokens[i]);
                      }
                    });
  });
}

}  // namespace

extern constinit const KernelSpec kernel_cpu_linear_cross_entropy = {
    .op = "linear_cross_entropy",
    .device = "cpu",
    .run =
        [](Device& device, const OpCall& call) {
          for_each_chunk(device, call, [](const Chunk&, std::span<const float>) {});
        },
    .run_gradient = run_gradients,
};

}  // namespace aludel::tensor
#endif  // HWY_ONCE
