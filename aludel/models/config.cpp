#include "aludel/models/config.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace aludel::models {
namespace {

constexpr std::array<std::pair<std::string_view, RopeScaling>, 6> kScalings = {{
    {"default", RopeScaling::none},
    {"linear", RopeScaling::linear},
    {"dynamic", RopeScaling::dynamic},
    {"yarn", RopeScaling::yarn},
    {"llama3", RopeScaling::llama3},
    {"none", RopeScaling::none},
}};

std::string_view scaling_name(RopeScaling scaling) {
  for (const auto& [name, value] : kScalings) {
    if (value == scaling) return name;
  }
  return "default";
}

/// A whole number from 1 to `limit`; `otherwise` if the key is absent or null, 0: it may not be.
Result<std::size_t> read_size(const Json& config, std::string_view key, std::int64_t limit,
                              std::size_t otherwise = 0) {
  const Json* value = config.find(key);
  if ((value == nullptr || value->is_null()) && otherwise != 0) return otherwise;
  if (value == nullptr || !value->is_integer() || value->as_integer() < 1 ||
      value->as_integer() > limit) {
    return Error{Code::corrupt_data,
                 fmt::format("[config] {} is {}, expected a number from 1 to {}", key,
                             value == nullptr ? "missing" : value->dump(), limit)};
  }
  return static_cast<std::size_t>(value->as_integer());
}

Status read_rope(const Json& json, ModelConfig& config) {
  RopeConfig& rope = config.rope;
  rope.theta = json.number_or("rope_theta", 10000.0);
  const Json* scaling = json.find("rope_parameters");  // transformers 5
  if (scaling == nullptr || !scaling->is_object()) scaling = json.find("rope_scaling");
  rope.original_positions = static_cast<double>(config.max_positions);
  if (scaling != nullptr && scaling->is_object()) {
    const std::string type = scaling->string_or("rope_type", scaling->string_or("type", "default"));
    const auto* const found = std::ranges::find(kScalings, std::string_view(type),
                                                &decltype(kScalings)::value_type::first);
    if (found == kScalings.end()) {
      return Error{Code::unsupported, fmt::format("[config] rope scaling '{}'", type)};
    }
    rope.scaling = found->second;
    rope.theta = scaling->number_or("rope_theta", rope.theta);
    rope.factor = scaling->number_or("factor", 1.0);
    rope.original_positions = scaling->number_or(
        "original_max_position_embeddings",
        json.number_or("original_max_position_embeddings", rope.original_positions));
    rope.low_frequency_factor = scaling->number_or("low_freq_factor", 1.0);
    rope.high_frequency_factor = scaling->number_or("high_freq_factor", 4.0);
    rope.beta_fast = scaling->number_or("beta_fast", 32.0);
    rope.beta_slow = scaling->number_or("beta_slow", 1.0);
    rope.attention_factor = scaling->number_or("attention_factor", 0.0);
    rope.mscale = scaling->number_or("mscale", 0.0);
    rope.mscale_all_dim = scaling->number_or("mscale_all_dim", 0.0);
    rope.truncate = scaling->bool_or("truncate", true);
  }
  if (!(rope.theta > 1) || !(rope.factor > 0) || !(rope.original_positions >= 1) ||
      !std::isfinite(rope.theta * rope.factor * rope.original_positions)) {
    return Error{Code::corrupt_data, "[config] rope theta, factor or positions out of range"};
  }
  return Ok{};
}

void read_special_ids(const Json& json, ModelConfig& config) {
  config.begin_id = static_cast<std::int32_t>(json.integer_or("bos_token_id", -1));
  const Json* end = json.find("eos_token_id");
  if (end == nullptr) return;
  if (end->is_integer()) config.end_ids.push_back(static_cast<std::int32_t>(end->as_integer()));
  if (!end->is_array()) return;
  for (const Json& id : end->as_array()) {
    if (id.is_integer()) config.end_ids.push_back(static_cast<std::int32_t>(id.as_integer()));
  }
}

Json rope_json(const ModelConfig& config) {
  const RopeConfig& rope = config.rope;
  if (rope.scaling == RopeScaling::none) return {};
  Json out = Json::object();
  out["rope_type"] = scaling_name(rope.scaling);
  out["factor"] = rope.factor;
  if (rope.scaling == RopeScaling::yarn || rope.scaling == RopeScaling::llama3) {
    out["original_max_position_embeddings"] = static_cast<std::int64_t>(rope.original_positions);
  }
  if (rope.scaling == RopeScaling::llama3) {
    out["low_freq_factor"] = rope.low_frequency_factor;
    out["high_freq_factor"] = rope.high_frequency_factor;
  }
  if (rope.scaling == RopeScaling::yarn) {
    out["beta_fast"] = rope.beta_fast;
    out["beta_slow"] = rope.beta_slow;
    out["truncate"] = rope.truncate;
    if (rope.attention_factor != 0) out["attention_factor"] = rope.attention_factor;
    if (rope.mscale != 0) out["mscale"] = rope.mscale;
    if (rope.mscale_all_dim != 0) out["mscale_all_dim"] = rope.mscale_all_dim;
  }
  return out;
}

}  // namespace

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
  config.norm_epsilon = json.number_or("rms_norm_eps", 1e-6);
  if (!(config.norm_epsilon >= 0) || !std::isfinite(config.norm_epsilon)) {
    return Error{Code::corrupt_data, "[config] rms_norm_eps is negative or not finite"};
  }
  config.tied_embeddings = json.bool_or("tie_word_embeddings", false);
  if (config.heads % config.kv_heads != 0 || config.head_size % 2 != 0) {
    return Error{Code::corrupt_data,
                 fmt::format("[config] {} heads over {} key heads of size {}: expected a multiple "
                             "and an even size",
                             config.heads, config.kv_heads, config.head_size)};
  }
  if (json.bool_or("attention_bias", false) || json.bool_or("mlp_bias", false)) {
    return Error{Code::unsupported, "[config] a model with biases"};
  }
  const std::string activation = json.string_or("hidden_act", "silu");
  if (activation != "silu") {
    return Error{Code::unsupported, fmt::format("[config] hidden_act '{}'", activation)};
  }
  ALUDEL_TRY(read_rope(json, config));
  read_special_ids(json, config);
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
  out["rope_scaling"] = rope_json(config);
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
