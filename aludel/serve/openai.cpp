#include "aludel/serve/openai.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/base/hash.h"
#include "aludel/base/json.h"
#include "aludel/serve/chat_page.h"
#include "aludel/serve/completion_reply.h"
#include "aludel/serve/completion_request.h"

namespace aludel::serve {
namespace {

constexpr std::string_view kModelsPath = "/v1/models";

std::int64_t seconds_since_1970() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Whether two secrets are equal, in a time that tells nothing of `known` but its length.
bool equal_secrets(std::string_view given, std::string_view known) {
  unsigned difference = given.size() == known.size() ? 0 : 1;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const char other = i < given.size() ? given[i] : '\0';
    difference |= static_cast<unsigned>(other ^ known[i]) & 0xFFU;
  }
  return difference == 0;
}

/// The key of "Bearer KEY": the scheme in any case, and blanks behind it, RFC 9110 section 11.1.
std::string_view bearer_key(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (lower_ascii(authorization.substr(0, kScheme.size())) != kScheme) return {};
  authorization.remove_prefix(kScheme.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  return authorization;
}

/// A part of an address without its %XX; what is no such triple stays as it is.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      decoded += static_cast<char>(value);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

void refuse_key(HttpReply reply) {
  HttpResponse response =
      error_response(401, "an API key is needed: Authorization: Bearer KEY", "invalid_api_key");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  reply.send(std::move(response));
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

Json OpenAiApi::describe_model() const {
  Json model = Json::object();
  model["id"] = served_.id;
  model["object"] = "model";
  model["created"] = started_seconds_;
  model["owned_by"] = "aludel";
  model["max_model_len"] = served_.batcher->longest_text();
  model["chat"] = served_.prompts->has_chat();
  return model;
}

void OpenAiApi::answer_models(const HttpRequest& request, HttpReply reply) const {
  if (!may_use(request)) return refuse_key(std::move(reply));
  Json json = Json::object();
  json["object"] = "list";
  json["data"].push_back(describe_model());
  reply.send({.body = json.dump()});
}

void OpenAiApi::answer_model(const HttpRequest& request, HttpReply reply) const {
  if (!may_use(request)) return refuse_key(std::move(reply));
  const std::string id =
      percent_decoded(std::string_view(request.path).substr(kModelsPath.size() + 1));
  if (id != served_.id) return reply.send(no_such_model(id));
  reply.send({.body = describe_model().dump()});
}

HttpResponse OpenAiApi::no_such_model(std::string_view id) const {
  return error_response(404, fmt::format("no model '{}' here, only '{}'", id, served_.id),
                        "model_not_found", "model");
}

/// Hands a completion on to the threads that read bodies.
void OpenAiApi::enqueue(HttpRequest request, CompletionKind kind, HttpReply reply) {
  if (!may_use(request)) return refuse_key(std::move(reply));
  const std::size_t bytes = request.body.size();
  auto pending =
      std::make_shared<Pending>(Pending{std::move(request), kind, ++requests_, std::move(reply)});
  const bool accepted =
      lanes_.submit(bytes, {.run = [this, pending] { complete(*pending); },
                            .abandoned = [pending] { return pending->reply.client_gone(); }});
  if (accepted) return;
  pending->reply.send(stopping_ ? stopping_response()
                                : error_response(503, "too many requests are waiting"));
}

void OpenAiApi::refuse_new() {
  stopping_ = true;
  lanes_.stop();
  served_.batcher->refuse_new();
}

void OpenAiApi::complete(Pending& pending) {
  HttpReply& reply = pending.reply;
  if (stopping_) return reply.send(stopping_response());
  auto read = read_completion_request(pending.request.body, pending.kind, served_.sampling);
  if (const auto* error = std::get_if<RequestError>(&read)) {
    return reply.send(error_response(400, error->message, "", error->param));
  }
  auto& completion = std::get<CompletionRequest>(read);
  if (!completion.model.empty() && completion.model != served_.id) {
    return reply.send(no_such_model(completion.model));
  }
  if (reply.client_gone()) return;
  auto prompt = encode(completion);
  if (!prompt)
    return reply.send(error_response(400, prompt.error().message, "", prompt_member(pending.kind)));
  submit(completion, std::move(prompt).value(), pending);
}

bool OpenAiApi::may_use(const HttpRequest& request) const {
  if (served_.api_keys.empty()) return true;
  const std::string_view bearer = bearer_key(request.header("authorization"));
  const std::string_view key = bearer.empty() ? request.header("x-api-key") : bearer;
  bool known = false;
  for (const std::string& one : served_.api_keys) {  // all of them: the time tells nothing
    known = equal_secrets(key, one) || known;
  }
  return known;
}

Result<std::vector<std::int32_t>> OpenAiApi::encode(const CompletionRequest& request) const {
  if (const auto* text = std::get_if<std::string>(&request.prompt)) {
    return served_.prompts->encode_text(*text);
  }
  if (const auto* ids = std::get_if<std::vector<std::int32_t>>(&request.prompt)) return *ids;
  return served_.prompts->encode_chat(std::get<std::vector<text::ChatMessage>>(request.prompt));
}

void OpenAiApi::submit(const CompletionRequest& request, std::vector<std::int32_t> prompt,
                       Pending& pending) {
  const std::uint64_t number = pending.number;
  infer::GenerationRequest generation;
  const auto room = served_.batcher->longest_text() - static_cast<std::int64_t>(prompt.size());
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
  served_.batcher->submit(
      std::move(generation),
      completion_sink(std::move(form), std::move(pending.reply), *served_.tokenizer));
}

std::vector<HttpRoute> OpenAiApi::routes() {
  return {
      {"GET", "/",
       [](const HttpRequest&, HttpReply reply) {
         reply.send({.content_type = "text/html; charset=utf-8", .body = std::string(chat_page())});
       }},
      {"GET", "/health",
       [this](const HttpRequest&, HttpReply reply) { answer_health(std::move(reply)); }},
      {"GET", std::string(kModelsPath),
       [this](const HttpRequest& request, HttpReply reply) {
         answer_models(request, std::move(reply));
       }},
      {"GET", std::string(kModelsPath) + "/*",
       [this](const HttpRequest& request, HttpReply reply) {
         answer_model(request, std::move(reply));
       }},
      {"POST", "/v1/completions",
       [this](HttpRequest request, HttpReply reply) {
         enqueue(std::move(request), CompletionKind::text, std::move(reply));
       }},
      {"POST", "/v1/chat/completions",
       [this](HttpRequest request, HttpReply reply) {
         enqueue(std::move(request), CompletionKind::chat, std::move(reply));
       }},
  };
}

}  // namespace aludel::serve
