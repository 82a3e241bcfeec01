#include "aludel/models/config.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/base/neutral_member.h"
#include "aludel/models/config_numbers.h"

namespace aludel::models {

std::size_t ModelConfig::parameter_count() const {
  const std::size_t attention = width * head_size * (2 * heads + 2 * kv_heads);
  const std::size_t block = attention + 3 * width * inner_width + 2 * width;
  return (tied_embeddings ? 1 : 2) * vocabulary * width + blocks * block + width;
}

namespace {

/// Members of the configs of families that are near to Llama, which ask for another computation
/// than its block's, but for these values. Null, false and being absent always ask for none.
constexpr NeutralMember kNeutral[] = {
    {"attention_bias", "false"},
    {"attention_multiplier", "null"},
    {"attention_out_bias", "false"},
    {"attn_logit_softcapping", "null"},
    {"alibi", "false"},
    {"clip_qkv", "null"},
    {"embedding_multiplier", "1"},
    {"final_logit_softcapping", "null"},
    {"is_encoder_decoder", "false"},
    {"logit_scale", "1"},
    {"logits_scaling", "1"},
    {"mlp_bias", "false"},
    {"no_rope_layers", "[]"},
    {"num_experts", "0"},
    {"num_experts", "1"},
    {"num_local_experts", "0"},
    {"num_local_experts", "1"},
    {"parallel_attn", "false"},
    {"position_embedding_type", R"("rotary")"},
    {"position_embedding_type", R"("rope")"},
    {"qk_layernorm", "false"},
    {"qk_norm", "false"},
    {"qkv_bias", "false"},
    {"query_pre_attn_scalar", "null"},
    {"residual_multiplier", "1"},
    {"scale_depth", "null"},
    {"scale_emb", "1"},
    {"use_bias", "false"},
    {"use_parallel_residual", "false"},
    {"use_qk_norm", "false"},
    {"use_qkv_bias", "false"},
};

Error not_computed(std::string_view name, const Json& value, std::string_view expected) {
  return {Code::unsupported,
          fmt::format("[config] {} is {}, which this program does not compute; expected {}", name,
                      value.dump().substr(0, 80), expected)};
}

/// Refuses a member that must be a text of a list. Null and being absent stand for the first.
Status check_name(const Json& json, std::string_view key, std::span<const std::string_view> known) {
  const Json* value = json.find(key);
  if (value == nullptr || value->is_null()) return Ok{};
  if (value->is_string() &&
      std::ranges::find(known, lower_ascii(value->as_string())) != known.end()) {
    return Ok{};
  }
  return not_computed(key, *value, fmt::format("{}", fmt::join(known, " or ")));
}

/// Refuses windows of attention that are shorter than the context.
Status check_windows(const Json& json, std::size_t context) {
  if (const Json* types = json.find("layer_types"); types != nullptr && types->is_array()) {
    for (const Json& type : types->as_array()) {
      if (type == Json("full_attention")) continue;
      return not_computed("layer_types", type, "full_attention");
    }
  }
  const Json* use = json.find("use_sliding_window");
  if (use != nullptr && *use == Json(false)) return Ok{};
  for (const char* key : {"sliding_window", "attention_chunk_size"}) {
    const Json* window = json.find(key);
    if (window == nullptr || window->is_null()) continue;
    const bool reaches =
        window->is_number() &&
        (window->as_number() <= 0 || window->as_number() >= static_cast<double>(context));
    if (!reaches) return not_computed(key, *window, "null");
  }
  return Ok{};
}

/// Refuses schemes of other programs; ours, MLX's, is `quantization`, which may stand here again.
Status check_quantisation(const Json& json) {
  const Json* scheme = json.find("quantization_config");
  if (scheme == nullptr || scheme->is_null()) return Ok{};
  const Json* ours = json.find("quantization");
  if (ours != nullptr && scheme->find("quant_method") == nullptr) return Ok{};
  return Error{
      Code::unsupported,
      fmt::format("[config] quantization_config is {}, a scheme that this program does not "
                  "read: give the model that was quantised, or, where the tensors are "
                  "plain numbers, take quantization_config out of the file",
                  scheme->dump().substr(0, 80))};
}

/// Refuses by name what asks for another computation than this program's.
Status refuse_other_computations(const Json& json, std::size_t context) {
  static constexpr std::string_view kActivations[] = {"silu", "swish"};
  static constexpr std::string_view kTypes[] = {"llama", "yi"};
  for (const auto& [name, value] : json.as_object()) {
    const bool asks_for_nothing = value.is_null() || value == Json(false);
    const std::string expected = neutral_values(kNeutral, name);
    if (asks_for_nothing || expected.empty() || is_neutral(kNeutral, name, value)) continue;
    return not_computed(name, value, expected);
  }
  ALUDEL_TRY(check_quantisation(json));
  ALUDEL_TRY(check_name(json, "model_type", kTypes));
  ALUDEL_TRY(check_name(json, "hidden_act", kActivations));
  return check_windows(json, context);
}

}  // namespace

Result<ModelConfig> read_llama_config(const Json& json) {
  ModelConfig config;
  config.vocabulary = ALUDEL_TRY(read_size(json, "vocab_size", kMostWidth));
  config.width = ALUDEL_TRY(read_size(json, "hidden_size", kMostWidth));
  config.inner_width = ALUDEL_TRY(read_size(json, "intermediate_size", kMostWidth));
  config.blocks = ALUDEL_TRY(read_size(json, "num_hidden_layers", kMostBlocks));
  config.heads = ALUDEL_TRY(read_size(json, "num_attention_heads", kMostBlocks));
  config.kv_heads = ALUDEL_TRY(read_size(json, "num_key_value_heads", kMostBlocks, config.heads));
  config.max_positions = ALUDEL_TRY(read_size(json, "max_position_embeddings", kMostWidth, 2048));
  config.head_size = ALUDEL_TRY(read_size(json, "head_dim", kMostBlocks,
                                          std::max<std::size_t>(1, config.width / config.heads)));
  config.norm_epsilon = ALUDEL_TRY(read_real(json, "rms_norm_eps", kNormEpsilons, 1e-6));
  config.tied_embeddings = ALUDEL_TRY(read_flag(json, "tie_word_embeddings", false));
  if (config.heads % config.kv_heads != 0 || config.head_size % 2 != 0) {
    return Error{Code::corrupt_data,
                 fmt::format("[config] {} heads over {} key heads of size {}: expected a multiple "
                             "and an even size",
                             config.heads, config.kv_heads, config.head_size)};
  }
  config.rope = ALUDEL_TRY(read_rope_config(json, config.max_positions, config.head_size));
  ALUDEL_TRY(refuse_other_computations(json, config.context_length()));
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
