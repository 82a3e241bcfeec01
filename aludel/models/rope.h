#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/tensor/tensor.h"

// Rotary positions: angles per token, with the published ways to stretch them to longer contexts.
namespace aludel::models {

enum class RopeScaling : std::uint8_t { none, linear, dynamic, yarn, llama3 };

/// rope_theta with rope_scaling (or rope_parameters) of a config.json. What a scaling does not use
/// keeps its default.
struct RopeConfig {
  double theta = 10000.0;
  RopeScaling scaling = RopeScaling::none;
  double factor = 1.0;
  double original_positions = 0;  // original_max_position_embeddings, or max_position_embeddings
  double low_frequency_factor = 1.0;   // llama3
  double high_frequency_factor = 4.0;  // llama3
  double beta_fast = 32.0;             // yarn
  double beta_slow = 1.0;              // yarn
  double attention_factor = 0;         // yarn; 0: from factor and the two below
  double mscale = 0;                   // yarn
  double mscale_all_dim = 0;           // yarn
  bool truncate = true;                // yarn
};

/// Reads the rotary part of a config.json, as published or as transformers 5 writes it. Errors:
/// corrupt_data for a number that is missing, out of range or contradicts another; unsupported for
/// other ways of stretching.
Result<RopeConfig> read_rope_config(const Json& config, std::size_t max_positions,
                                    std::size_t head_size);

/// Returns the `rope_scaling` that read_rope_config reads back; null without stretching.
Json write_rope_config(const RopeConfig& config, std::size_t max_positions);

/// How many positions a model reads well, its max_position_embeddings being `max_positions`. Each
/// way of stretching states that in its own way: docs/formats/model_folder.md.
std::size_t stretched_positions(const RopeConfig& config, std::size_t max_positions);

/// One frequency per pair of a head's dimensions, and the factor on cosines and sines.
struct RopeFrequencies {
  std::vector<float> inverse;  // [D/2]
  float attention_factor = 1.0F;
};

/// Frequencies for sequences of `tokens` tokens (only `dynamic` looks at that number), in f32 as
/// Hugging Face transformers computes them (modeling_rope_utils.py). Sources: Su et al. 2021,
/// arXiv:2104.09864; Chen et al. 2023, arXiv:2306.15595 (linear); bloc97 2023 (dynamic NTK);
/// Peng et al. 2023, arXiv:2309.00071 (yarn); Grattafiori et al. 2024, arXiv:2407.21783 (llama3).
RopeFrequencies rope_frequencies(const RopeConfig& config, std::size_t head_size,
                                 std::size_t tokens);

/// Writes cosines and sines [T, D/2] f32 of the positions [T], factor included.
void write_rope_angles(const RopeFrequencies& frequencies, std::span<const std::int32_t> positions,
                       const tensor::Tensor& cosines, const tensor::Tensor& sines);

}  // namespace aludel::models
