#pragma once
// Many replies at once: one thread that runs the model for all of them together, step by step.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/result.h"
#include "aludel/infer/generation.h"

namespace aludel::infer {

struct BatcherOptions {
  std::int64_t max_replies = 16;             // in progress at a time; further ones wait
  std::int64_t max_waiting = 256;            // more are refused
  std::int64_t max_cached_tokens = 1 << 18;  // keys and values of all replies in progress

  template <class V>
  void visit(V& v) {
    v("max_replies", max_replies, "replies generated at a time; further ones wait", at_least(1));
    v("max_waiting", max_waiting, "requests that may wait; more are refused with 503", at_least(1));
    v("max_cached_tokens", max_cached_tokens,
      "tokens of all replies in progress together, and of the longest prompt and reply",
      at_least(2));
  }
};

struct BatcherLoad {
  std::int64_t running = 0;
  std::int64_t waiting = 0;
};

/// Each step takes one token of every reply in progress, and a chunk of one prompt. A reply takes
/// cache as it grows. When the cache is full the youngest reply gives its part back and waits; its
/// text is taken in again later and goes on as if nothing had happened.
/// The model and the tokenizer must outlive it; only its thread uses the model. Any thread may call
/// submit.
class Batcher {
 public:
  Batcher(LanguageModel& model, const text::Tokenizer& tokenizer, const BatcherOptions& options);
  ~Batcher();
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  /// Tokens of the longest prompt and reply that can be served: the model's context, or less where
  /// the cache is smaller. A reply that gets there ends with FinishReason::length.
  std::int64_t longest_text() const;

  /// The sink hears of the reply from the batcher's thread and is destroyed when it has ended; it
  /// is asked for its demand while it waits, too, by any thread that submits. Its on_failure, maybe
  /// from inside submit: invalid_argument as validate(GenerationRequest), or for a prompt that can
  /// never fit; resource_exhausted when too many wait; corrupt_data when the model gives no
  /// numbers; cancelled after refuse_new().
  void submit(GenerationRequest request, std::unique_ptr<GenerationSink> sink);

  /// Fails what waits and has not begun; from now on nothing new is taken. Replies in progress go
  /// on.
  void refuse_new();

  /// Fails what is in progress, too, and ends the thread.
  void stop();

  BatcherLoad load() const;

 private:
  struct Reply {
    std::unique_ptr<GenerationSink> sink;
    GenerationRequest request;               // until it first runs
    std::unique_ptr<Generation> generation;  // from then on
  };

  void work();
  void admit();
  void drop_abandoned();
  void step();
  std::vector<Reply*> choose();
  void set_aside_youngest(std::vector<Reply*>& chosen);
  void fail_all(const Error& error);
  Status enqueue(GenerationRequest request, std::unique_ptr<GenerationSink>& sink);
  bool fits(const Reply& next) const;
  bool step_fits(const std::vector<Reply*>& chosen) const;

  LanguageModel& model_;
  const text::Tokenizer& tokenizer_;
  BatcherOptions options_;
  Sampler sampler_;
  std::vector<std::unique_ptr<Reply>> running_;  // the batcher's thread only; oldest first
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Reply>> waiting_;  // guarded by mutex_; oldest first, behind running_
  std::int64_t running_count_ = 0;              // guarded by mutex_
  bool refusing_ = false;                       // guarded by mutex_
  bool stopping_ = false;                       // guarded by mutex_
  std::thread thread_;
};

}  // namespace aludel::infer
