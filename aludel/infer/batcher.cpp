#include "aludel/infer/batcher.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/log.h"

namespace aludel::infer {
namespace {

/// How long to look away when every reader asked to wait.
constexpr std::chrono::milliseconds kPause(5);

/// A reply is admitted when it and those in progress can each grow by so many tokens, lest it be
/// set aside again at once.
constexpr std::int64_t kGrowthTokens = 64;

Error stopping() {
  return {Code::cancelled, "the server is stopping"};
}

}  // namespace

Batcher::Batcher(LanguageModel& model, const text::Tokenizer& tokenizer,
                 const BatcherOptions& options)
    : model_(model), tokenizer_(tokenizer), options_(options), thread_([this] { work(); }) {}

Batcher::~Batcher() {
  stop();
}

std::int64_t Batcher::longest_text() const {
  return std::min(model_.context_length(), options_.max_cached_tokens);
}

void Batcher::submit(GenerationRequest request, std::unique_ptr<GenerationSink> sink) {
  const Status accepted = enqueue(std::move(request), sink);
  if (!accepted) sink->on_failure(accepted.error());
}

/// Takes the sink only when it succeeds.
Status Batcher::enqueue(GenerationRequest request, std::unique_ptr<GenerationSink>& sink) {
  ALUDEL_TRY(validate(request, model_));
  const auto prompt = static_cast<std::int64_t>(request.prompt.size());
  if (prompt >= longest_text()) {
    return Error{Code::invalid_argument,
                 fmt::format("the prompt has {} tokens, this server keeps {} of prompt and reply",
                             prompt, longest_text())};
  }
  request.max_tokens = std::min(request.max_tokens, longest_text() - prompt);
  auto reply = std::make_unique<Reply>();
  reply->request = std::move(request);
  {
    const std::lock_guard lock(mutex_);
    if (refusing_) return stopping();
    const auto is_full = [&] {
      return static_cast<std::int64_t>(waiting_.size()) >= options_.max_waiting;
    };
    if (is_full()) drop_abandoned();
    if (is_full()) {
      return Error{Code::resource_exhausted, "too many requests are waiting"};
    }
    reply->sink = std::move(sink);
    waiting_.push_back(std::move(reply));
  }
  changed_.notify_one();
  return Ok{};
}

void Batcher::refuse_new() {
  const std::lock_guard lock(mutex_);
  refusing_ = true;
  std::erase_if(waiting_, [](const std::unique_ptr<Reply>& reply) {
    if (reply->generation) return false;  // it was set aside: its client has a part of the text
    reply->sink->on_failure(stopping());
    return true;
  });
}

void Batcher::stop() {
  refuse_new();
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
  fail_all(stopping());
}

/// Moves waiting requests into work, in order, as far as there is room. Of the others, those that
/// nobody waits for any more make room.
void Batcher::admit() {
  const std::lock_guard lock(mutex_);
  while (!waiting_.empty() && fits(*waiting_.front())) {
    std::unique_ptr<Reply> reply = std::move(waiting_.front());
    waiting_.pop_front();
    if (!reply->generation) {
      reply->generation =
          std::make_unique<Generation>(std::move(reply->request), model_, tokenizer_, *reply->sink);
    }
    running_.push_back(std::move(reply));
  }
  drop_abandoned();
  running_count_ = static_cast<std::int64_t>(running_.size());
}

/// Whether the reply can start beside those in progress. Alone, any can: enqueue saw to that.
bool Batcher::fits(const Reply& next) const {
  if (running_.empty()) return true;
  if (static_cast<std::int64_t>(running_.size()) >= options_.max_replies) return false;
  const auto soon = [](const Generation& generation) {
    return generation.text_tokens() + std::min(kGrowthTokens, generation.tokens_to_come());
  };
  std::int64_t tokens = next.generation ? soon(*next.generation)
                                        : static_cast<std::int64_t>(next.request.prompt.size()) +
                                              std::min(kGrowthTokens, next.request.max_tokens);
  for (const auto& reply : running_) {
    tokens += soon(*reply->generation);
  }
  return tokens <= options_.max_cached_tokens;
}

/// Frees the places in the queue whose clients have left. REQUIRES: mutex_ is held.
void Batcher::drop_abandoned() {
  std::erase_if(waiting_, [](const std::unique_ptr<Reply>& reply) {
    if (reply->sink->demand() != Demand::cancel) return false;
    if (reply->generation) {
      reply->generation->cancel();
    } else {
      const auto prompt = static_cast<std::int64_t>(reply->request.prompt.size());
      reply->sink->on_end({.reason = FinishReason::cancelled, .prompt_tokens = prompt}, "");
    }
    return true;
  });
}

/// The replies that this step continues: all in decoding, and the first still in its prompt.
std::vector<Batcher::Reply*> Batcher::choose() {
  std::vector<Reply*> chosen;
  bool prompt_chosen = false;
  for (const auto& reply : running_) {
    const Demand demand = reply->sink->demand();
    if (demand == Demand::cancel) reply->generation->cancel();
    if (demand != Demand::more) continue;
    const bool is_prompt = reply->generation->takes_in_text();
    if (is_prompt && prompt_chosen) continue;
    prompt_chosen = prompt_chosen || is_prompt;
    chosen.push_back(reply.get());
  }
  return chosen;
}

bool Batcher::step_fits(const std::vector<Reply*>& chosen) const {
  std::int64_t tokens = 0;
  for (const auto& reply : running_) {
    tokens += reply->generation->cached_tokens();
  }
  for (const Reply* reply : chosen) {
    tokens += static_cast<std::int64_t>(reply->generation->next_input(kPrefillChunk).ids.size());
  }
  return tokens <= options_.max_cached_tokens;
}

/// Puts the youngest reply in progress back at the head of the queue, without its cache.
void Batcher::set_aside_youngest(std::vector<Reply*>& chosen) {
  ALUDEL_CHECK(running_.size() > 1, "[batcher] one reply alone outgrew the cache");
  std::unique_ptr<Reply> youngest = std::move(running_.back());
  running_.pop_back();
  std::erase(chosen, youngest.get());
  youngest->generation->forget();
  const std::lock_guard lock(mutex_);
  waiting_.push_front(std::move(youngest));
}

void Batcher::step() {
  std::vector<Reply*> chosen = choose();
  std::erase_if(running_, [](const auto& reply) { return reply->generation->ended(); });
  while (!step_fits(chosen)) {
    set_aside_youngest(chosen);
  }
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
      const Status advanced =
          chosen[i]->generation->advance(inputs[i], logits.first(has_row ? vocab : 0), sampler_);
      if (!advanced) chosen[i]->sink->on_failure(advanced.error());
      logits = logits.subspan(has_row ? vocab : 0);
    }
  }
  std::erase_if(running_, [](const auto& reply) { return reply->generation->ended(); });
  if (inputs.empty() && !running_.empty()) std::this_thread::sleep_for(kPause);
}

void Batcher::fail_all(const Error& error) {
  const std::lock_guard lock(mutex_);
  for (const auto& reply : running_) {
    reply->sink->on_failure(error);
  }
  running_.clear();
  running_count_ = 0;
  if (!stopping_) return;
  for (const auto& reply : waiting_) {
    reply->sink->on_failure(error);
  }
  waiting_.clear();
}

}  // namespace aludel::infer
