#include "aludel/serve/completion_request.h"

#include <limits>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/serve/http_reply.h"

namespace aludel::serve {
namespace {

constexpr std::int64_t kMaxStops = 16;
constexpr std::int64_t kMaxTopLogProbabilities = 20;

/// Reads members of one object and remembers the first complaint.
class Members {
 public:
  explicit Members(const Json& object) : object_(object) {}

  const Json* find(std::string_view name) const {
    const Json* value = object_.find(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  }

  void number(std::string_view name, double& target) {
    const Json* value = find(name);
    if (value == nullptr) return;
    if (!value->is_number()) return complain(name, "must be a number");
    target = value->as_number();
  }

  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least,
                                      std::int64_t most) {
    const Json* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_integer()) {
      complain(name, "must be a whole number");
    } else if (value->as_integer() < least || value->as_integer() > most) {
      complain(name, fmt::format("must be between {} and {}", least, most));
    } else {
      return value->as_integer();
    }
    return std::nullopt;
  }

  bool boolean(std::string_view name) {
    const Json* value = find(name);
    if (value == nullptr) return false;
    if (!value->is_bool()) complain(name, "must be true or false");
    return value->is_bool() && value->as_bool();
  }

  void complain(std::string_view name, std::string_view what) {
    if (!error) error = RequestError{fmt::format("{} {}", name, what), std::string(name)};
  }

  std::optional<RequestError> error;

 private:
  const Json& object_;
};

void read_stop(Members& members, CompletionRequest& request) {
  if (const Json* stop = members.find("stop")) {
    if (stop->is_string()) {
      request.stop.push_back(stop->as_string());
    } else if (stop->is_array() && stop->as_array().size() <= static_cast<std::size_t>(kMaxStops)) {
      for (const Json& item : stop->as_array()) {
        if (!item.is_string()) return members.complain("stop", "must hold strings");
        request.stop.push_back(item.as_string());
      }
    } else {
      members.complain("stop", fmt::format("must be a string or up to {} strings", kMaxStops));
    }
  }
  if (const Json* ids = members.find("stop_token_ids")) {
    if (!ids->is_array()) return members.complain("stop_token_ids", "must be a list of ids");
    for (const Json& id : ids->as_array()) {
      if (!id.is_integer() || id.as_integer() < 0 || id.as_integer() > INT32_MAX) {
        return members.complain("stop_token_ids", "must be a list of ids");
      }
      request.stop_ids.push_back(static_cast<std::int32_t>(id.as_integer()));
    }
  }
  request.ignore_stop_ids = members.boolean("ignore_eos");
}

void read_sampling(Members& members, CompletionRequest& request) {
  infer::SamplingOptions& sampling = request.sampling;
  members.number("temperature", sampling.temperature);
  members.number("top_p", sampling.top_p);
  members.number("min_p", sampling.min_p);
  members.number("repetition_penalty", sampling.repetition_penalty);
  if (const auto top_k = members.integer("top_k", -1, INT32_MAX)) {
    sampling.top_k = *top_k < 0 ? 0 : *top_k;  // some clients send -1 for "all"
  }
  constexpr auto kLimits = std::numeric_limits<std::int64_t>();
  if (const auto seed = members.integer("seed", kLimits.min(), kLimits.max())) {
    sampling.seed = *seed;
    request.has_seed = true;
  }
  if (const auto wrong = infer::find_out_of_range(sampling)) {
    members.complain(wrong->member, wrong->rule);
  }
}

void read_log_probabilities(Members& members, CompletionRequest& request) {
  if (request.kind == CompletionKind::text) {
    const auto top = members.integer("logprobs", 0, kMaxTopLogProbabilities);
    request.top_log_probabilities = top.value_or(-1);
    return;
  }
  const auto top = members.integer("top_logprobs", 0, kMaxTopLogProbabilities);
  if (members.boolean("logprobs")) {
    request.top_log_probabilities = top.value_or(0);
  } else if (top) {
    members.complain("top_logprobs", "needs logprobs to be true");
  }
}

void read_stream(Members& members, CompletionRequest& request) {
  request.stream = members.boolean("stream");
  const Json* options = members.find("stream_options");
  if (options == nullptr) return;
  if (!request.stream) return members.complain("stream_options", "needs stream to be true");
  if (!options->is_object()) return members.complain("stream_options", "must be an object");
  request.stream_usage = options->bool_or("include_usage", false);
}

/// The text of a message: a string, or parts of which each is text.
std::optional<std::string> content_text(const Json* content) {
  if (content == nullptr || content->is_null()) return "";
  if (content->is_string()) return content->as_string();
  if (!content->is_array()) return std::nullopt;
  std::string text;
  for (const Json& part : content->as_array()) {
    const Json* piece = part.find("text");
    if (part.string_or("type", "") != "text" || piece == nullptr || !piece->is_string()) {
      return std::nullopt;
    }
    text += piece->as_string();
  }
  return text;
}

void read_messages(Members& members, CompletionRequest& request) {
  const Json* list = members.find("messages");
  if (list == nullptr || !list->is_array() || list->as_array().empty()) {
    return members.complain("messages", "must be a list of at least one message");
  }
  std::vector<text::ChatMessage> messages;
  for (const Json& item : list->as_array()) {
    std::string role = item.string_or("role", "");
    if (role == "developer") role = "system";  // OpenAI's newer name of it
    if (role != "system" && role != "user" && role != "assistant") {
      return members.complain("messages", "need a role of system, user or assistant");
    }
    auto text = content_text(item.find("content"));
    if (!text) return members.complain("messages", "must have text as content");
    if (const Json* name = item.find("name"); name && !name->is_null() && !name->is_string()) {
      return members.complain("messages", "must have a string as name");
    }
    messages.push_back({std::move(role), std::move(*text)});
  }
  request.prompt = std::move(messages);
}

void read_prompt(Members& members, CompletionRequest& request) {
  const Json* prompt = members.find("prompt");
  if (prompt == nullptr) return members.complain("prompt", "is missing");
  if (prompt->is_array() && prompt->as_array().size() == 1 && !prompt->as_array()[0].is_integer()) {
    prompt = &prompt->as_array()[0];  // a batch of one
  }
  if (prompt->is_string()) {
    request.prompt = prompt->as_string();
    return;
  }
  if (!prompt->is_array()) return members.complain("prompt", "must be a string or a list of ids");
  std::vector<std::int32_t> ids;
  for (const Json& id : prompt->as_array()) {
    if (!id.is_integer() || id.as_integer() < 0 || id.as_integer() > INT32_MAX) {
      return members.complain("prompt", "must be one string or one list of ids");
    }
    ids.push_back(static_cast<std::int32_t>(id.as_integer()));
  }
  request.prompt = std::move(ids);
}

}  // namespace

std::variant<CompletionRequest, RequestError> read_completion_request(
    std::string_view body, CompletionKind kind, const infer::SamplingOptions& defaults) {
  const auto parsed = parse_json(body);
  if (!parsed)
    return RequestError{
        fmt::format("the body is not JSON: {}", without_place(parsed.error().message)), ""};
  if (!parsed.value().is_object()) return RequestError{"the body must be a JSON object", ""};
  Members members(parsed.value());
  CompletionRequest request;
  request.kind = kind;
  request.sampling = defaults;
  if (const Json* model = members.find("model")) {
    if (!model->is_string()) members.complain("model", "must be a string");
    request.model = parsed.value().string_or("model", "");
  }
  if (kind == CompletionKind::chat) {
    read_messages(members, request);
  } else {
    read_prompt(members, request);
  }
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  request.max_tokens = members.integer("max_tokens", 1, kMost);
  if (const auto newer = members.integer("max_completion_tokens", 1, kMost)) {
    request.max_tokens = newer;
  }
  read_sampling(members, request);
  read_stop(members, request);
  read_log_probabilities(members, request);
  read_stream(members, request);
  if (members.error) return *members.error;
  if (auto unknown = refuse_unknown_members(parsed.value(), kind)) return *std::move(unknown);
  return request;
}

}  // namespace aludel::serve
