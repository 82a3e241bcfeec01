#include "aludel/serve/openai.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/json.h"
#include "aludel/serve/chat_page.h"
#include "aludel/serve/completion_reply.h"
#include "aludel/serve/completion_request.h"

namespace aludel::serve {
namespace {

std::int64_t seconds_since_1970() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Whether two secrets are equal, in a time that does not tell where they differ.
bool equal_secrets(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned>(a[i] ^ b[i]) & 0xFFU;
  }
  return difference == 0;
}

/// The part of an origin "http://host:port" that a Host header also has.
std::string_view host_of_origin(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == std::string_view::npos ? origin : origin.substr(scheme + 3);
}

void refuse_key(HttpReply reply) {
  reply.send(
      error_response(401, "an API key is needed: Authorization: Bearer KEY", "invalid_api_key"));
}

}  // namespace

OpenAiApi::OpenAiApi(ServedModel served)
    : served_(std::move(served)),
      started_seconds_(seconds_since_1970()),
      random_start_(mix64(static_cast<std::uint64_t>(
          std::chrono::steady_clock::now().time_since_epoch().count()))) {}

void OpenAiApi::answer_health(HttpReply reply) const {
  const infer::BatcherLoad load = served_.batcher->load();
  Json json = Json::object();
  json["status"] = "ok";
  json["running"] = load.running;
  json["waiting"] = load.waiting;
  reply.send({.body = json.dump()});
}

void OpenAiApi::answer_models(const HttpRequest& request, HttpReply reply) const {
  if (!may_use(request)) return refuse_key(std::move(reply));
  Json model = Json::object();
  model["id"] = served_.id;
  model["object"] = "model";
  model["created"] = started_seconds_;
  model["owned_by"] = "aludel";
  model["max_model_len"] = served_.context_length;
  model["chat"] = served_.prompts->has_chat();
  Json json = Json::object();
  json["object"] = "list";
  json["data"].push_back(std::move(model));
  reply.send({.body = json.dump()});
}

void OpenAiApi::complete(const HttpRequest& request, CompletionKind kind, HttpReply reply) {
  if (!may_use(request)) return refuse_key(std::move(reply));
  const std::string_view origin = request.header("origin");
  if (!origin.empty() && host_of_origin(origin) != request.header("host")) {
    return reply.send(error_response(403, "this server answers only pages of its own"));
  }
  auto read = read_completion_request(request.body, kind, served_.sampling);
  if (const auto* error = std::get_if<RequestError>(&read)) {
    return reply.send(error_response(400, error->message, "", error->param));
  }
  auto& completion = std::get<CompletionRequest>(read);
  if (!completion.model.empty() && completion.model != served_.id) {
    return reply.send(error_response(
        404, fmt::format("no model '{}' here, only '{}'", completion.model, served_.id),
        "model_not_found", "model"));
  }
  auto prompt = encode(completion);
  if (!prompt) return reply.send(error_response(400, prompt.error().message, "", "prompt"));
  submit(completion, std::move(prompt).value(), std::move(reply));
}

bool OpenAiApi::may_use(const HttpRequest& request) const {
  if (served_.api_keys.empty()) return true;
  constexpr std::string_view kBearer = "Bearer ";
  std::string_view key = request.header("authorization");
  key = key.starts_with(kBearer) ? key.substr(kBearer.size()) : request.header("x-api-key");
  return std::ranges::any_of(served_.api_keys,
                             [&](const std::string& known) { return equal_secrets(key, known); });
}

Result<std::vector<std::int32_t>> OpenAiApi::encode(const CompletionRequest& request) const {
  if (const auto* text = std::get_if<std::string>(&request.prompt)) {
    return served_.prompts->encode_text(*text);
  }
  if (const auto* ids = std::get_if<std::vector<std::int32_t>>(&request.prompt)) return *ids;
  return served_.prompts->encode_chat(std::get<std::vector<text::ChatMessage>>(request.prompt));
}

void OpenAiApi::submit(const CompletionRequest& request, std::vector<std::int32_t> prompt,
                       HttpReply reply) {
  const std::uint64_t number = ++requests_;
  infer::GenerationRequest generation;
  const auto room = served_.context_length - static_cast<std::int64_t>(prompt.size());
  constexpr std::int64_t kCompletionTokens = 16;  // OpenAI's default where nothing is said
  generation.max_tokens = request.max_tokens.value_or(
      request.kind == CompletionKind::text ? kCompletionTokens : std::max<std::int64_t>(room, 1));
  generation.prompt = std::move(prompt);
  generation.sampling = request.sampling;
  if (!request.has_seed) {
    generation.sampling.seed = static_cast<std::int64_t>(mix64(random_start_ + number));
  }
  generation.stop = request.stop;
  generation.stop_ids = request.stop_ids;
  if (!request.ignore_stop_ids) {
    generation.stop_ids.insert(generation.stop_ids.end(), served_.stop_ids.begin(),
                               served_.stop_ids.end());
  }
  generation.top_log_probabilities = request.top_log_probabilities;
  const bool is_chat = request.kind == CompletionKind::chat;
  ReplyForm form{
      .kind = request.kind,
      .id = fmt::format("{}-{:016x}", is_chat ? "chatcmpl" : "cmpl", mix64(random_start_ ^ number)),
      .model = served_.id,
      .created_seconds = seconds_since_1970(),
      .stream = request.stream,
      .stream_usage = request.stream_usage,
      .log_probabilities = request.top_log_probabilities >= 0};
  served_.batcher->submit(std::move(generation),
                          completion_sink(std::move(form), std::move(reply), *served_.tokenizer));
}

std::vector<HttpRoute> OpenAiApi::routes() {
  return {
      {"GET", "/",
       [](const HttpRequest&, HttpReply reply) {
         reply.send({.content_type = "text/html; charset=utf-8", .body = std::string(chat_page())});
       }},
      {"GET", "/health",
       [this](const HttpRequest&, HttpReply reply) { answer_health(std::move(reply)); }},
      {"GET", "/v1/models",
       [this](const HttpRequest& request, HttpReply reply) {
         answer_models(request, std::move(reply));
       }},
      {"POST", "/v1/completions",
       [this](const HttpRequest& request, HttpReply reply) {
         complete(request, CompletionKind::text, std::move(reply));
       }},
      {"POST", "/v1/chat/completions",
       [this](const HttpRequest& request, HttpReply reply) {
         complete(request, CompletionKind::chat, std::move(reply));
       }},
  };
}

}  // namespace aludel::serve
