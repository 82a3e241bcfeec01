#pragma once

#include "aludel/models/config.h"
#include "aludel/tensor/device.h"
#include "aludel/train/batch.h"

namespace aludel::train {

/// Model FLOPs of one training step: 6 per weight and token (embedding table left out, head in),
/// and 6 L C n² for the causal attention of each piece of n tokens.
/// Source: Chowdhery et al. 2022, arXiv:2204.02311, appendix B, with n² / 2 for causal attention.
double training_flop(const models::ModelConfig& config, const Batch& batch);

/// FLOP per second that a matrix product of 1024³ reaches on this device in that type: the limit
/// that utilisation is stated against. Takes about 50 ms.
double measured_matmul_flop_per_second(tensor::Device& device, tensor::DType type);

}  // namespace aludel::train
