#include "aludel/infer/generation_config.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "aludel/models/config_numbers.h"

namespace aludel::infer {
namespace {

/// Read here, by models::load_model and by the tokenizer; and what no text hangs on.
constexpr std::string_view kKnown[] = {
    "temperature",
    "top_k",
    "top_p",
    "min_p",
    "repetition_penalty",
    "do_sample",
    "bos_token_id",
    "eos_token_id",
    "chat_template",
    "pad_token_id",
    "use_cache",
    "_commit_hash",
    "_name_or_path",
    "_from_model_config",
    "transformers_version",
};

/// These ask for nothing where they are 1.
constexpr std::string_view kFactors[] = {
    "num_beams",      "num_beam_groups", "num_return_sequences",
    "length_penalty", "typical_p",       "encoder_repetition_penalty",
};

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool asks_for_nothing(std::string_view name, const Json& value) {
  if (value.is_number()) {
    return value.as_number() == 0 || (value.as_number() == 1 && is_one_of(kFactors, name));
  }
  return value.is_null() || value == Json(false) || value == Json("") || value == Json::array() ||
         value == Json::object();
}

}  // namespace

SamplingOptions StatedSampling::over(SamplingOptions otherwise) const {
  otherwise.temperature = temperature.value_or(otherwise.temperature);
  otherwise.top_k = top_k.value_or(otherwise.top_k);
  otherwise.top_p = top_p.value_or(otherwise.top_p);
  otherwise.min_p = min_p.value_or(otherwise.min_p);
  otherwise.repetition_penalty = repetition_penalty.value_or(otherwise.repetition_penalty);
  return otherwise;
}

Result<StatedSampling> read_sampling(const Json& generation_config) {
  StatedSampling stated;
  const auto read = [&](std::string_view key, Range range, std::optional<double>& value) -> Status {
    const Json* given = generation_config.find(key);
    if (given == nullptr || given->is_null()) return Ok{};
    value = ALUDEL_TRY(models::read_real(generation_config, key, range));
    return Ok{};
  };
  ALUDEL_TRY(read("temperature", kTemperatures, stated.temperature));
  ALUDEL_TRY(read("top_p", kShare, stated.top_p));
  ALUDEL_TRY(read("min_p", kShare, stated.min_p));
  ALUDEL_TRY(read("repetition_penalty", kPenalties, stated.repetition_penalty));
  if (const Json* top_k = generation_config.find("top_k"); top_k != nullptr && !top_k->is_null()) {
    if (!top_k->is_integer()) {
      return Error{Code::corrupt_data,
                   fmt::format("[config] top_k is {}, expected a whole number", top_k->dump())};
    }
    stated.top_k = top_k->as_integer();
  }
  if (!ALUDEL_TRY(models::read_flag(generation_config, "do_sample", true))) stated.temperature = 0;
  ALUDEL_TRY(check_config(stated.over({}), "sampling"));
  return stated;
}

std::vector<std::string> unused_members(const Json& generation_config) {
  std::vector<std::string> unused;
  for (const auto& [name, value] : generation_config.as_object()) {
    if (!is_one_of(kKnown, name) && !asks_for_nothing(name, value)) unused.push_back(name);
  }
  return unused;
}

}  // namespace aludel::infer
