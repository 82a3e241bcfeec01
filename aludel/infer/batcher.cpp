#include "aludel/infer/batcher.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/log.h"

namespace aludel::infer {
namespace {

/// How long to look away when every reader asked to wait.
constexpr std::chrono::milliseconds kPause(5);

}  // namespace

Batcher::Batcher(LanguageModel& model, const text::Tokenizer& tokenizer,
                 const BatcherOptions& options)
    : model_(model), tokenizer_(tokenizer), options_(options), thread_([this] { work(); }) {}

Batcher::~Batcher() {
  stop();
}

std::int64_t Batcher::tokens_needed(const GenerationRequest& request) const {
  const auto prompt = static_cast<std::int64_t>(request.prompt.size());
  return prompt + std::min(request.max_tokens, model_.context_length() - prompt);
}

void Batcher::submit(GenerationRequest request, std::unique_ptr<GenerationSink> sink) {
  const Status accepted = enqueue(std::move(request), sink);
  if (!accepted) sink->on_failure(accepted.error());
}

/// Takes the sink only when it succeeds.
Status Batcher::enqueue(GenerationRequest request, std::unique_ptr<GenerationSink>& sink) {
  ALUDEL_TRY(validate(request, model_));
  auto reply = std::make_unique<Reply>();
  reply->reserved_tokens = tokens_needed(request);
  if (reply->reserved_tokens > options_.max_cached_tokens) {
    return Error{Code::invalid_argument,
                 fmt::format("prompt and reply need {} tokens, this server keeps {}",
                             reply->reserved_tokens, options_.max_cached_tokens)};
  }
  reply->request = std::move(request);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Error{Code::cancelled, "the server is stopping"};
    if (static_cast<std::int64_t>(waiting_.size()) >= options_.max_waiting) {
      return Error{Code::resource_exhausted, "too many requests are waiting"};
    }
    reply->sink = std::move(sink);
    waiting_.push_back(std::move(reply));
  }
  changed_.notify_one();
  return Ok{};
}

void Batcher::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

BatcherLoad Batcher::load() const {
  const std::lock_guard lock(mutex_);
  return {running_count_, static_cast<std::int64_t>(waiting_.size())};
}

void Batcher::work() {
  for (;;) {
    admit();
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || !running_.empty() || !waiting_.empty(); });
      if (stopping_) break;
    }
    try {
      step();
    } catch (const std::exception& bug) {  // a request's boundary: the server goes on
      log_warning("[batcher] a bug, please report it: {}", bug.what());
      fail_all({Code::unsupported, "the server failed to generate"});
    }
  }
  fail_all({Code::cancelled, "the server is stopping"});
}

/// Moves waiting requests into work, in order, as far as there is room.
void Batcher::admit() {
  const std::lock_guard lock(mutex_);
  while (!waiting_.empty() && static_cast<std::int64_t>(running_.size()) < options_.max_replies &&
         reserved_tokens_ + waiting_.front()->reserved_tokens <= options_.max_cached_tokens) {
    std::unique_ptr<Reply> reply = std::move(waiting_.front());
    waiting_.pop_front();
    reserved_tokens_ += reply->reserved_tokens;
    reply->generation =
        std::make_unique<Generation>(std::move(reply->request), model_, tokenizer_, *reply->sink);
    running_.push_back(std::move(reply));
  }
  running_count_ = static_cast<std::int64_t>(running_.size());
}

/// The replies that this step continues: all in decoding, and the first still in its prompt.
std::vector<Batcher::Reply*> Batcher::choose() {
  std::vector<Reply*> chosen;
  bool prompt_chosen = false;
  for (const auto& reply : running_) {
    const Demand demand = reply->sink->demand();
    if (demand == Demand::cancel) reply->generation->cancel();
    if (demand != Demand::more) continue;
    const bool in_prompt = reply->generation->in_prompt();
    if (in_prompt && prompt_chosen) continue;
    prompt_chosen = prompt_chosen || in_prompt;
    chosen.push_back(reply.get());
  }
  return chosen;
}

void Batcher::step() {
  const std::vector<Reply*> chosen = choose();
  std::vector<ModelInput> inputs;
  inputs.reserve(chosen.size());
  for (const Reply* reply : chosen) {
    inputs.push_back(reply->generation->next_input(kPrefillChunk));
  }
  if (!inputs.empty()) {
    std::span<const float> logits = model_.run(inputs);
    const auto vocab = static_cast<std::size_t>(model_.vocab_size());
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const bool has_row = inputs[i].logits == LogitsFor::last_token;
      chosen[i]->generation->advance(inputs[i], logits.first(has_row ? vocab : 0), sampler_);
      logits = logits.subspan(has_row ? vocab : 0);
    }
  }
  std::erase_if(running_, [&](const std::unique_ptr<Reply>& reply) {
    if (reply->generation->ended()) reserved_tokens_ -= reply->reserved_tokens;
    return reply->generation->ended();
  });
  if (inputs.empty() && !running_.empty()) std::this_thread::sleep_for(kPause);
}

void Batcher::fail_all(const Error& error) {
  const std::lock_guard lock(mutex_);
  for (const auto& reply : running_) {
    reply->sink->on_failure(error);
  }
  running_.clear();
  reserved_tokens_ = 0;
  running_count_ = 0;
  if (!stopping_) return;
  for (const auto& reply : waiting_) {
    reply->sink->on_failure(error);
  }
  waiting_.clear();
}

}  // namespace aludel::infer
