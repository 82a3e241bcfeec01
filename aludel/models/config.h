#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/models/rope.h"

namespace aludel::models {

/// The sizes of a Llama-like model, as its config.json states them.
struct ModelConfig {
  std::string architecture = "LlamaForCausalLM";
  std::size_t vocabulary = 0;     // V, vocab_size
  std::size_t width = 0;          // C, hidden_size
  std::size_t inner_width = 0;    // F, intermediate_size
  std::size_t blocks = 0;         // L, num_hidden_layers
  std::size_t heads = 0;          // H, num_attention_heads
  std::size_t kv_heads = 0;       // K, num_key_value_heads; H if absent
  std::size_t head_size = 0;      // D, head_dim; C / H if absent
  std::size_t max_positions = 0;  // max_position_embeddings
  double norm_epsilon = 1e-6;     // rms_norm_eps
  bool tied_embeddings = false;   // the head is the embedding table
  RopeConfig rope;
  std::int32_t begin_id = -1;         // bos_token_id, -1: none
  std::vector<std::int32_t> end_ids;  // eos_token_id: one or a list

  /// How many tokens the model reads well.
  std::size_t context_length() const { return stretched_positions(rope, max_positions); }

  /// Weights in all, the head counted when it is its own.
  std::size_t parameter_count() const;
};

/// Reads a config.json of the Llama form, rope scaling as published or as transformers 5 writes it.
/// Errors: corrupt_data for a missing, absurd or contradictory size; unsupported for what this
/// program does not compute (biases, other activations).
Result<ModelConfig> read_llama_config(const Json& config);

/// The config.json that Hugging Face transformers reads back as the same model. `dtype` is
/// "float32" or "bfloat16".
Json write_llama_config(const ModelConfig& config, std::string_view dtype);

}  // namespace aludel::models
