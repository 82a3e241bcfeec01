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
  const Fields fields = fields_of(sampling);
  for (const Field& field : fields.all()) {
    if (!check_field(field, "")) members.complain(field.name, "must be " + allowed_text(field));
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
  Members inner(*options, "stream_options");
  request.stream_usage = inner.boolean("include_usage");
  inner.refuse_others(kOtherOfStreamOptions);
  members.complain(std::move(inner.error));
}

void read_max_tokens(Members& members, CompletionRequest& request) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  const auto older = members.integer("max_tokens", 1, kMost);
  const auto newer = members.integer("max_completion_tokens", 1, kMost);
  if (older && newer && *older != *newer) {
    members.complain("max_completion_tokens", "is another number than max_tokens");
  }
  request.max_tokens = newer ? newer : older;
}

/// Adds the text of a part of a message's content to `text`.
std::optional<RequestError> read_part(const Json& part, std::string place, std::string& text) {
  if (!part.is_object()) return RequestError{place + ": must be an object", "messages"};
  Members members(part, std::move(place));
  if (members.string("type") != "text") members.complain("type", "must be text");
  if (members.find("text") == nullptr) members.complain("text", "is missing");
  text += members.string("text");
  members.refuse_others(kOtherOfPart);
  return std::move(members.error);
}

/// Reads the content of a message: a string, or parts of which each is text.
std::string read_content(Members& members, const std::string& place) {
  const Json* content = members.find("content");
  std::string text;
  if (content == nullptr) {
    members.complain("content", "is missing");
  } else if (content->is_string()) {
    text = content->as_string();
  } else if (!content->is_array() || content->as_array().empty()) {
    members.complain("content", "must be a string or a list of parts with text");
  } else {
    std::size_t number = 0;
    for (const Json& part : content->as_array()) {
      members.complain(read_part(part, fmt::format("{}: content[{}]", place, number++), text));
    }
  }
  return text;
}

std::optional<RequestError> read_message(const Json& item, const std::string& place,
                                         std::vector<text::ChatMessage>& messages) {
  if (!item.is_object()) return RequestError{place + ": must be an object", "messages"};
  Members members(item, place);
  std::string role = members.string("role");
  if (role == "developer") role = "system";  // OpenAI's newer name of it
  if (role != "system" && role != "user" && role != "assistant") {
    members.complain("role", "must be system, user or assistant");
  }
  members.string("name");  // ChatML has no place for it
  members.find("content");
  members.refuse_others(kOtherOfMessage);  // first: tool_calls stand in place of a content
  messages.push_back({std::move(role), read_content(members, place)});
  return std::move(members.error);
}

void read_messages(Members& members, CompletionRequest& request) {
  const Json* list = members.find("messages");
  if (list == nullptr || !list->is_array() || list->as_array().empty()) {
    return members.complain("messages", "must be a list of at least one message");
  }
  std::vector<text::ChatMessage> messages;
  for (const Json& item : list->as_array()) {
    members.complain(read_message(item, fmt::format("messages[{}]", messages.size()), messages));
    if (members.error) return;
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
  if (!parsed) {
    return RequestError{
        fmt::format("the body is not JSON: {}", without_place(parsed.error().message)), ""};
  }
  if (!parsed.value().is_object()) return RequestError{"the body must be a JSON object", ""};
  Members members(parsed.value());
  CompletionRequest request;
  request.kind = kind;
  request.sampling = defaults;
  request.model = members.string("model");
  if (kind == CompletionKind::chat) {
    read_messages(members, request);
  } else {
    read_prompt(members, request);
  }
  read_max_tokens(members, request);
  read_sampling(members, request);
  read_stop(members, request);
  read_log_probabilities(members, request);
  read_stream(members, request);
  members.refuse_others(kOtherOfBody);
  if (members.error) return *members.error;
  return request;
}

}  // namespace aludel::serve
