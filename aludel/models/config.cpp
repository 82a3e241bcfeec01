#include "aludel/models/config.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/models/config_numbers.h"

namespace aludel::models {

std::size_t ModelConfig::parameter_count() const {
  const std::size_t attention = width * head_size * (2 * heads + 2 * kv_heads);
  const std::size_t block = attention + 3 * width * inner_width + 2 * width;
  return (tied_embeddings ? 1 : 2) * vocabulary * width + blocks * block + width;
}

Result<ModelConfig> read_llama_config(const Json& json) {
  constexpr std::int64_t kLimit = std::int64_t{1} << 24;
  ModelConfig config;
  config.vocabulary = ALUDEL_TRY(read_size(json, "vocab_size", kLimit));
  config.width = ALUDEL_TRY(read_size(json, "hidden_size", kLimit));
  config.inner_width = ALUDEL_TRY(read_size(json, "intermediate_size", kLimit));
  config.blocks = ALUDEL_TRY(read_size(json, "num_hidden_layers", 4096));
  config.heads = ALUDEL_TRY(read_size(json, "num_attention_heads", 4096));
  config.kv_heads = ALUDEL_TRY(read_size(json, "num_key_value_heads", 4096, config.heads));
  config.max_positions = ALUDEL_TRY(read_size(json, "max_position_embeddings", kLimit, 2048));
  config.head_size = ALUDEL_TRY(
      read_size(json, "head_dim", 4096, std::max<std::size_t>(1, config.width / config.heads)));
  config.norm_epsilon = ALUDEL_TRY(read_real(json, "rms_norm_eps", {0, 1}, 1e-6));
  config.tied_embeddings = ALUDEL_TRY(read_flag(json, "tie_word_embeddings", false));
  if (config.heads % config.kv_heads != 0 || config.head_size % 2 != 0) {
    return Error{Code::corrupt_data,
                 fmt::format("[config] {} heads over {} key heads of size {}: expected a multiple "
                             "and an even size",
                             config.heads, config.kv_heads, config.head_size)};
  }
  if (ALUDEL_TRY(read_flag(json, "attention_bias", false)) ||
      ALUDEL_TRY(read_flag(json, "mlp_bias", false))) {
    return Error{Code::unsupported,
                 "[config] attention_bias or mlp_bias is set: models with biases are not read"};
  }
  const std::string activation = json.string_or("hidden_act", "silu");
  if (activation != "silu") {
    return Error{Code::unsupported,
                 fmt::format("[config] hidden_act '{}' is not supported, only 'silu'", activation)};
  }
  config.rope = ALUDEL_TRY(read_rope_config(json, config.max_positions, config.head_size));
  const auto begin = ALUDEL_TRY(read_token_ids(json, "bos_token_id", config.vocabulary));
  if (!begin.empty()) config.begin_id = begin[0];
  config.end_ids = ALUDEL_TRY(read_token_ids(json, "eos_token_id", config.vocabulary));
  return config;
}

Json write_llama_config(const ModelConfig& config, std::string_view dtype) {
  Json out = Json::object();
  out["architectures"] = Json(Json::Array{Json("LlamaForCausalLM")});
  out["model_type"] = "llama";
  out["vocab_size"] = config.vocabulary;
  out["hidden_size"] = config.width;
  out["intermediate_size"] = config.inner_width;
  out["num_hidden_layers"] = config.blocks;
  out["num_attention_heads"] = config.heads;
  out["num_key_value_heads"] = config.kv_heads;
  out["head_dim"] = config.head_size;
  out["max_position_embeddings"] = config.max_positions;
  out["rms_norm_eps"] = config.norm_epsilon;
  out["rope_theta"] = config.rope.theta;
  out["rope_scaling"] = write_rope_config(config.rope, config.max_positions);
  out["tie_word_embeddings"] = config.tied_embeddings;
  out["hidden_act"] = "silu";
  out["attention_bias"] = false;
  out["mlp_bias"] = false;
  out["initializer_range"] = 0.02;
  out["torch_dtype"] = dtype;
  if (config.begin_id >= 0) out["bos_token_id"] = config.begin_id;
  if (!config.end_ids.empty()) out["eos_token_id"] = config.end_ids.front();
  return out;
}

}  // namespace aludel::models
