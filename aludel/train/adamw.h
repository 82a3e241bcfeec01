#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/result.h"
#include "aludel/tensor/device.h"
#include "aludel/train/parameter.h"

namespace aludel::train {

struct AdamWConfig {
  double beta1 = 0.9;
  double beta2 = 0.95;
  double epsilon = 1e-8;
  double weight_decay = 0.1;
  double clip_norm = 1.0;
  double embedding_rate = 1.0;

  template <class V>
  void visit(V& v) {
    v("beta1", beta1, "decay of the mean of gradients", kShareBelowOne);
    v("beta2", beta2, "decay of the mean of squared gradients", kShareBelowOne);
    v("epsilon", epsilon, "added to the root of the squared mean", above(0));
    v("weight_decay", weight_decay, "decoupled decay of matrices; norms have none", at_least(0));
    v("clip_norm", clip_norm, "gradients are scaled down to this norm of all of them together",
      above(0));
    v("embedding_rate", embedding_rate, "rate of the embedding table, as a multiple of the others'",
      above(0));
  }
};

/// AdamW with gradient clipping. Source: Loshchilov & Hutter 2017, arXiv:1711.05101; clipping as
/// torch.nn.utils.clip_grad_norm_. Tensors of two axes decay, others do not. The embedding table
/// may have a higher rate: it does not shrink with the width as that of matrices does (Yang et al.
/// 2022, arXiv:2203.03466), and a row learns only when its token comes by.
class AdamW {
 public:
  /// Moments start at zero. The parameters' tensors are updated in place.
  AdamW(tensor::Device& device, const AdamWConfig& config, std::span<const Parameter> parameters);

  /// One update at learning rate `rate`; returns the norm of all gradients before clipping.
  double step(double rate);

  /// Updates made so far; what a checkpoint keeps with the moments.
  std::int64_t steps() const { return steps_; }

  void set_steps(std::int64_t steps) { steps_ = steps; }

  /// First and second moment of each parameter, f32, in the parameters' order; writable.
  std::span<const tensor::Tensor> means() const { return means_; }

  std::span<const tensor::Tensor> squares() const { return squares_; }

 private:
  double gradient_norm();

  tensor::Device& device_;
  AdamWConfig config_;
  std::vector<Parameter> parameters_;
  std::vector<tensor::Tensor> means_;
  std::vector<tensor::Tensor> squares_;
  std::int64_t steps_ = 0;
};

}  // namespace aludel::train
