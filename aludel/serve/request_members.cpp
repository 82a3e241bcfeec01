#include "aludel/serve/request_members.h"

#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace aludel::serve {
namespace {

/// A member that we have no use for, and the JSON of a value with which it asks for nothing.
struct Neutral {
  std::string_view name;
  std::string_view value;
};

/// The members of one kind of object.
struct KnownMembers {
  std::span<const std::string_view> read;
  std::span<const std::string_view> harmless;
  std::span<const Neutral> neutral;
};

constexpr std::string_view kRead[] = {
    "model",    "max_tokens", "max_completion_tokens", "temperature",    "top_p",
    "min_p",    "top_k",      "repetition_penalty",    "seed",           "stop",
    "logprobs", "ignore_eos", "stop_token_ids",        "stream_options", "stream",
};
constexpr std::string_view kReadText[] = {"prompt"};
constexpr std::string_view kReadChat[] = {"messages", "top_logprobs"};

/// They name, bill, store, cache or order a request; the reply stays the same.
constexpr std::string_view kHarmless[] = {
    "user",       "metadata",          "store",
    "priority",   "service_tier",      "parallel_tool_calls",
    "prediction", "safety_identifier", "prompt_cache_key",
    "cache_salt", "cache_prompt",      "prompt_cache_retention",
    "id_slot",    "request_id",        "keep_alive",
};

constexpr Neutral kNeutral[] = {
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

constexpr std::string_view kReadStreamOptions[] = {"include_usage"};
constexpr std::string_view kHarmlessStreamOptions[] = {"include_obfuscation"};
constexpr Neutral kNeutralStreamOptions[] = {{"continuous_usage_stats", "false"}};

constexpr std::string_view kReadMessage[] = {"role", "content"};
constexpr std::string_view kHarmlessMessage[] = {"name"};  // ChatML has no place for it
constexpr Neutral kNeutralMessage[] = {
    {"tool_calls", "[]"},   {"refusal", R"("")"},           {"annotations", "[]"},
    {"reasoning", R"("")"}, {"reasoning_content", R"("")"}, {"tool_call_id", R"("")"},
    {"prefix", "false"}};

constexpr std::string_view kReadPart[] = {"type", "text"};
constexpr std::string_view kHarmlessPart[] = {"cache_control"};
constexpr Neutral kNeutralPart[] = {{"annotations", "[]"}};

bool is_neutral(const Json& value, std::string_view neutral) {
  if (value.is_number()) {
    const double number = value.as_number();
    return (neutral == "0" && number == 0) || (neutral == "1" && number == 1);
  }
  return value.dump() == neutral;
}

/// `where` stands before the name in the message: "" or "messages: ".
std::optional<RequestError> refuse(const Json& object, const KnownMembers& known,
                                   std::string_view where, std::string_view param) {
  const auto holds = [](std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  };
  const auto blame = [&](std::string_view name, const std::string& what) {
    return RequestError{fmt::format("{}'{}' {}", where, name, what),
                        std::string(param.empty() ? name : param)};
  };
  std::set<std::string_view> seen;
  for (const auto& [name, value] : object.as_object()) {
    if (!seen.insert(name).second) return blame(name, "stands twice, and one of them would count");
    if (value.is_null() || holds(known.read, name) || holds(known.harmless, name)) continue;
    std::vector<std::string_view> passing;
    for (const Neutral& row : known.neutral) {
      if (row.name == name) passing.push_back(row.value);
    }
    const auto asks_for_nothing = [&given = value](std::string_view neutral) {
      return is_neutral(given, neutral);
    };
    if (std::ranges::any_of(passing, asks_for_nothing)) continue;
    const std::string what =
        passing.empty() ? "is not known here, and is refused because it might change the reply"
                        : fmt::format("is not supported, except as {}", fmt::join(passing, " or "));
    return blame(name, what);
  }
  return std::nullopt;
}

std::optional<RequestError> refuse_in_messages(const Json::Array& messages) {
  const KnownMembers message{kReadMessage, kHarmlessMessage, kNeutralMessage};
  const KnownMembers part{kReadPart, kHarmlessPart, kNeutralPart};
  for (const Json& item : messages) {
    if (!item.is_object()) continue;  // what is wrong with its form is said where it is read
    if (auto error = refuse(item, message, "messages: ", "messages")) return error;
    const Json* content = item.find("content");
    if (content == nullptr || !content->is_array()) continue;
    for (const Json& piece : content->as_array()) {
      if (!piece.is_object()) continue;
      if (auto error = refuse(piece, part, "messages: content: ", "messages")) return error;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<RequestError> refuse_unknown_members(const Json& body, CompletionKind kind) {
  const bool is_chat = kind == CompletionKind::chat;
  std::vector<std::string_view> read(std::begin(kRead), std::end(kRead));
  const std::span<const std::string_view> further =
      is_chat ? std::span<const std::string_view>(kReadChat)
              : std::span<const std::string_view>(kReadText);
  read.insert(read.end(), further.begin(), further.end());
  if (auto error = refuse(body, {read, kHarmless, kNeutral}, "", "")) return error;
  if (const Json* options = body.find("stream_options"); options && options->is_object()) {
    const KnownMembers known{kReadStreamOptions, kHarmlessStreamOptions, kNeutralStreamOptions};
    if (auto error = refuse(*options, known, "stream_options: ", "stream_options")) return error;
  }
  const Json* messages = is_chat ? body.find("messages") : nullptr;
  if (messages == nullptr || !messages->is_array()) return std::nullopt;
  return refuse_in_messages(messages->as_array());
}

}  // namespace aludel::serve
