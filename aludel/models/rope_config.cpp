#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/models/config_numbers.h"
#include "aludel/models/rope.h"

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

constexpr Range kFactors = {1, 1e6};
constexpr Range kPositions = between(1, kMostWidth);
constexpr Range kRatios = {1e-6, 1e6};

std::string_view scaling_name(RopeScaling scaling) {
  for (const auto& [name, value] : kScalings) {
    if (value == scaling) return name;
  }
  return "default";
}

Error unsupported(std::string_view what) {
  return {Code::unsupported, fmt::format("[config] {}", what)};
}

Error contradictory(std::string_view what) {
  return {Code::corrupt_data, fmt::format("[config] {}", what)};
}

/// The object that describes the scaling, or null. Transformers 5 writes rope_parameters, versions
/// before it rope_scaling; two that differ are refused.
Result<const Json*> find_scaling(const Json& json) {
  const Json* found = nullptr;
  for (const char* key : {"rope_parameters", "rope_scaling"}) {
    const Json* scaling = json.find(key);
    if (scaling == nullptr || scaling->is_null()) continue;
    if (!scaling->is_object()) return contradictory(fmt::format("{} is no object", key));
    for (const auto& [name, value] : scaling->as_object()) {
      if (value.is_object()) {
        return unsupported(fmt::format("{} of its own for '{}'", key, name));
      }
    }
    if (found != nullptr && *found != *scaling) {
      return contradictory("rope_parameters and rope_scaling differ: take one of them out");
    }
    if (found == nullptr) found = scaling;
  }
  return found;
}

/// Reads the base of the angles. In rope_parameters it stands before rope_theta, as in transformers
/// 5; of one in rope_scaling, which older versions never read, it must be the same.
Result<double> read_theta(const Json& json, const Json* scaling) {
  const double outer = ALUDEL_TRY(read_real(json, "rope_theta", kRopeThetas, 0.0));
  const double inner =
      scaling == nullptr ? 0.0 : ALUDEL_TRY(read_real(*scaling, "rope_theta", kRopeThetas, 0.0));
  if (outer != 0 && inner != 0 && outer != inner) {
    if (json.find("rope_parameters") != scaling) {
      return contradictory(fmt::format(
          "rope_theta is {:g}, but {:g} in rope_scaling: take one of them out", outer, inner));
    }
    log_warning("[config] rope_theta is {:g}, but {:g} in rope_parameters, which counts", outer,
                inner);
  }
  constexpr double kUsual = 10000;
  return inner != 0 ? inner : outer != 0 ? outer : kUsual;
}

Result<RopeScaling> read_scaling_type(const Json& scaling) {
  const Json* type = scaling.find("rope_type");
  if (type == nullptr) type = scaling.find("type");
  if (type == nullptr || type->is_null()) {
    if (scaling.find("factor") == nullptr) return RopeScaling::none;
    return contradictory("rope scaling with a factor, but without rope_type");
  }
  const auto* const found = type->is_string()
                                ? std::ranges::find(kScalings, std::string_view(type->as_string()),
                                                    &decltype(kScalings)::value_type::first)
                                : kScalings.end();
  if (found == kScalings.end()) {
    return unsupported(
        fmt::format("rope scaling '{}'; known: default, linear, dynamic, yarn, "
                    "llama3",
                    type->is_string() ? type->as_string() : type->dump()));
  }
  return found->second;
}

Status read_llama3(const Json& scaling, RopeConfig& rope) {
  rope.low_frequency_factor = ALUDEL_TRY(read_real(scaling, "low_freq_factor", kRatios));
  rope.high_frequency_factor = ALUDEL_TRY(read_real(scaling, "high_freq_factor", kRatios));
  if (rope.high_frequency_factor <= rope.low_frequency_factor) {
    return contradictory("high_freq_factor is not above low_freq_factor");
  }
  return Ok{};
}

Status read_yarn(const Json& scaling, RopeConfig& rope) {
  constexpr Range kScales = {0, 1e6};  // 0 stands for one that is not stated
  rope.beta_fast = ALUDEL_TRY(read_real(scaling, "beta_fast", kRatios, 32.0));
  rope.beta_slow = ALUDEL_TRY(read_real(scaling, "beta_slow", kRatios, 1.0));
  rope.attention_factor = ALUDEL_TRY(read_real(scaling, "attention_factor", kScales, 0.0));
  rope.mscale = ALUDEL_TRY(read_real(scaling, "mscale", kScales, 0.0));
  rope.mscale_all_dim = ALUDEL_TRY(read_real(scaling, "mscale_all_dim", kScales, 0.0));
  rope.truncate = ALUDEL_TRY(read_flag(scaling, "truncate", true));
  return Ok{};
}

}  // namespace

Result<RopeConfig> read_rope_config(const Json& json, std::size_t max_positions,
                                    std::size_t head_size) {
  RopeConfig rope;
  rope.original_positions = static_cast<double>(max_positions);
  const Json* scaling = ALUDEL_TRY(find_scaling(json));
  rope.theta = ALUDEL_TRY(read_theta(json, scaling));
  for (const Json* place : {&json, scaling}) {
    const Json* turned = place == nullptr ? nullptr : place->find("partial_rotary_factor");
    if (turned == nullptr || turned->is_null()) continue;
    if (!turned->is_number() || turned->as_number() != 1) {
      return unsupported(fmt::format("partial_rotary_factor is {}, expected 1", turned->dump()));
    }
  }
  if (scaling == nullptr) return rope;
  rope.scaling = ALUDEL_TRY(read_scaling_type(*scaling));
  if (rope.scaling == RopeScaling::none) return rope;
  rope.factor = ALUDEL_TRY(read_real(*scaling, "factor", kFactors));
  const char* const key = "original_max_position_embeddings";
  double original = ALUDEL_TRY(read_real(json, key, kPositions, 0.0));
  original = ALUDEL_TRY(read_real(*scaling, key, kPositions, original));
  if (original != 0) rope.original_positions = original;
  if (rope.scaling == RopeScaling::llama3) {
    if (original == 0) return contradictory(fmt::format("llama3 scaling without {}", key));
    ALUDEL_TRY(read_llama3(*scaling, rope));
  }
  if (rope.scaling == RopeScaling::yarn) ALUDEL_TRY(read_yarn(*scaling, rope));
  if (rope.scaling == RopeScaling::dynamic && head_size <= 2) {
    return unsupported("dynamic rope scaling of heads of size 2");
  }
  if (stretched_positions(rope, max_positions) > static_cast<std::size_t>(kPositions.most)) {
    return contradictory(fmt::format("{} positions times a rope factor of {} are over {}",
                                     max_positions, rope.factor, kPositions.most));
  }
  return rope;
}

std::size_t stretched_positions(const RopeConfig& rope, std::size_t max_positions) {
  const auto stated = static_cast<double>(max_positions);
  // llama3: max_position_embeddings is the whole length, and the factor a knob of the angles.
  if (rope.scaling == RopeScaling::none || rope.scaling == RopeScaling::llama3) {
    return max_positions;
  }
  // The others: it is the whole length where another one before stretching stands beside it.
  return rope.original_positions == stated ? static_cast<std::size_t>(stated * rope.factor)
                                           : max_positions;
}

Json write_rope_config(const RopeConfig& rope, std::size_t max_positions) {
  if (rope.scaling == RopeScaling::none) return {};
  Json out = Json::object();
  out["rope_type"] = scaling_name(rope.scaling);
  out["factor"] = rope.factor;
  const bool always = rope.scaling == RopeScaling::yarn || rope.scaling == RopeScaling::llama3;
  if (always || rope.original_positions != static_cast<double>(max_positions)) {
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

}  // namespace aludel::models
