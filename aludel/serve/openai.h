#pragma once
// The routes of the server: OpenAI's API, /health and the chat page.

#include <atomic>
#include <string>
#include <vector>

#include "aludel/infer/batcher.h"
#include "aludel/infer/prompt_encoder.h"
#include "aludel/serve/completion_request.h"
#include "aludel/serve/http.h"
#include "aludel/serve/work_lanes.h"

namespace aludel::serve {

/// What the routes serve. All that is pointed to must outlive the server.
struct ServedModel {
  std::string id;
  std::vector<std::int32_t> stop_ids;
  infer::SamplingOptions sampling;  // where a request does not say
  const text::Tokenizer* tokenizer = nullptr;
  const infer::PromptEncoder* prompts = nullptr;
  infer::Batcher* batcher = nullptr;
  std::vector<std::string> api_keys;  // none: everyone may ask
};

/// GET /, /health, /v1/models, /v1/models/ID; POST /v1/completions, /v1/chat/completions.
/// With API keys, the /v1 routes want one as `Authorization: Bearer KEY` or `X-Api-Key: KEY`.
/// Must outlive the server that has its routes. The server's thread only checks keys and answers
/// what is known; bodies are read and prompts encoded by threads of its own.
class OpenAiApi {
 public:
  explicit OpenAiApi(ServedModel served);

  std::vector<HttpRoute> routes();

  /// Answers 503 to what waits, also for the model, and to what comes; ends its threads. Replies
  /// that the model has begun go on. Behind the server's refuse_new(), and before the server goes.
  void refuse_new();

 private:
  /// A completion between its arrival and the model.
  struct Pending {
    HttpRequest request;
    CompletionKind kind;
    std::uint64_t number;
    HttpReply reply;
  };

  Json describe_model() const;
  void answer_health(HttpReply reply) const;
  void answer_models(const HttpRequest& request, HttpReply reply) const;
  void answer_model(const HttpRequest& request, HttpReply reply) const;
  void enqueue(HttpRequest request, CompletionKind kind, HttpReply reply);
  void complete(Pending& pending);
  bool may_use(const HttpRequest& request) const;
  Result<std::vector<std::int32_t>> encode(const CompletionRequest& request) const;
  void submit(const CompletionRequest& request, std::vector<std::int32_t> prompt, Pending& pending);
  HttpResponse no_such_model(std::string_view id) const;

  ServedModel served_;
  std::int64_t started_seconds_;  // since 1970
  std::uint64_t random_start_;    // of ids and of seeds that nobody chose
  std::uint64_t requests_ = 0;    // of the server's thread only
  std::atomic<bool> stopping_ = false;
  WorkLanes lanes_;
};

}  // namespace aludel::serve
