#include "aludel/serve/request_members.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace aludel::serve {
namespace {

/// They name, bill, store, cache or order a request; the reply stays the same.
constexpr std::string_view kHarmless[] = {
    "user",       "metadata",          "store",
    "priority",   "service_tier",      "parallel_tool_calls",
    "prediction", "safety_identifier", "prompt_cache_key",
    "cache_salt", "cache_prompt",      "prompt_cache_retention",
    "id_slot",    "request_id",        "keep_alive",
};

constexpr NeutralMember kNeutral[] = {
    {"n", "1"},
    {"best_of", "1"},
    {"echo", "false"},
    {"suffix", R"("")"},
    {"presence_penalty", "0"},
    {"frequency_penalty", "0"},
    {"logit_bias", "{}"},
    {"logit_bias", "[]"},
    {"tools", "[]"},
    {"tool_choice", R"("none")"},
    {"tool_choice", R"("auto")"},
    {"functions", "[]"},
    {"function_call", R"("none")"},
    {"function_call", R"("auto")"},
    {"response_format", R"({"type":"text"})"},
    {"modalities", R"(["text"])"},
    {"reasoning_effort", R"("none")"},
    {"verbosity", R"("medium")"},
    {"add_generation_prompt", "true"},
    {"continue_final_message", "false"},
    {"chat_template_kwargs", "{}"},
    {"documents", "[]"},
    {"skip_special_tokens", "true"},
    {"spaces_between_special_tokens", "true"},
    {"include_stop_str_in_output", "false"},
    {"return_tokens_as_token_ids", "false"},
    {"return_token_ids", "false"},
    {"detokenize", "true"},
    {"stop_sequences", "[]"},
    {"min_tokens", "0"},
    {"bad_words", "[]"},
    {"lora", "[]"},
    {"grammar", R"("")"},
    {"n_probs", "0"},
    {"use_beam_search", "false"},
    {"length_penalty", "1"},
    {"early_stopping", "false"},
    {"repeat_penalty", "1"},
    {"no_repeat_ngram_size", "0"},
    {"typical_p", "1"},
    {"tfs_z", "1"},
    {"top_a", "0"},
    {"mirostat", "0"},
    {"mirostat_mode", "0"},
    {"dry_multiplier", "0"},
    {"xtc_probability", "0"},
    {"dynatemp_range", "0"},
    {"smoothing_factor", "0"},
    {"penalty_alpha", "0"},
    {"timings_per_token", "false"},
    {"return_progress", "false"},
};

constexpr std::string_view kHarmlessStreamOptions[] = {"include_obfuscation"};
constexpr NeutralMember kNeutralStreamOptions[] = {{"continuous_usage_stats", "false"}};

constexpr NeutralMember kNeutralMessage[] = {
    {"tool_calls", "[]"},   {"refusal", R"("")"},           {"annotations", "[]"},
    {"reasoning", R"("")"}, {"reasoning_content", R"("")"}, {"tool_call_id", R"("")"},
    {"prefix", "false"}};

constexpr std::string_view kHarmlessPart[] = {"cache_control"};
constexpr NeutralMember kNeutralPart[] = {{"annotations", "[]"}};

bool holds(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

constinit const OtherMembers kOtherOfBody = {kHarmless, kNeutral};
constinit const OtherMembers kOtherOfStreamOptions = {kHarmlessStreamOptions,
                                                      kNeutralStreamOptions};
constinit const OtherMembers kOtherOfMessage = {{}, kNeutralMessage};
constinit const OtherMembers kOtherOfPart = {kHarmlessPart, kNeutralPart};

const Json* Members::find(std::string_view name) {
  if (!holds(asked_, name)) asked_.push_back(name);
  const Json* value = object_.find(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void Members::number(std::string_view name, double& target) {
  const Json* value = find(name);
  if (value == nullptr) return;
  if (!value->is_number()) return complain(name, "must be a number");
  target = value->as_number();
}

std::optional<std::int64_t> Members::integer(std::string_view name, std::int64_t least,
                                             std::int64_t most) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  const bool is_long = value->is_number() && std::abs(value->as_number()) >= 0x1p63;
  if (!value->is_integer() && !is_long) {
    complain(name, "must be a whole number");
  } else if (!value->is_integer() || value->as_integer() < least || value->as_integer() > most) {
    complain(name, fmt::format("must be between {} and {}", least, most));
  } else {
    return value->as_integer();
  }
  return std::nullopt;
}

bool Members::boolean(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return false;
  if (!value->is_bool()) complain(name, "must be true or false");
  return value->is_bool() && value->as_bool();
}

std::string Members::string(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return "";
  if (!value->is_string()) complain(name, "must be a string");
  return value->is_string() ? value->as_string() : "";
}

void Members::complain(std::string_view name, std::string_view what) {
  blame(name, fmt::format("{} {}", name, what));
}

void Members::complain(std::optional<RequestError> inner) {
  if (!error) error = std::move(inner);
}

void Members::blame(std::string_view name, const std::string& message) {
  if (error) return;
  if (place_.empty()) {
    error = RequestError{message, std::string(name)};
  } else {
    error =
        RequestError{fmt::format("{}: {}", place_, message), place_.substr(0, place_.find('['))};
  }
}

void Members::refuse_others(const OtherMembers& other) {
  std::set<std::string_view> seen;
  for (const auto& [name, value] : object_.as_object()) {
    if (!seen.insert(name).second) {
      return blame(name, fmt::format("'{}' stands twice, and one of them would count", name));
    }
    if (value.is_null() || holds(asked_, name) || holds(other.harmless, name)) continue;
    if (is_neutral(other.neutral, name, value)) continue;
    const std::string passing = neutral_values(other.neutral, name);
    return blame(name, passing.empty()
                           ? fmt::format("'{}' is not known here, and is refused because it might "
                                         "change the reply",
                                         name)
                           : fmt::format("'{}' is not supported, except as {}", name, passing));
  }
}

}  // namespace aludel::serve
