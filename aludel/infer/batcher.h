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
    v("max_waiting", max_waiting, "requests that may wait; more are refused with 503", at_least(0));
    v("max_cached_tokens", max_cached_tokens, "tokens of all replies in progress together",
      at_least(1));
  }
};

struct BatcherLoad {
  std::int64_t running = 0;
  std::int64_t waiting = 0;
};

/// Each step takes one token of every reply in progress, and a chunk of one prompt. The model and
/// the tokenizer must outlive it; only its thread uses the model. Any thread may call submit.
class Batcher {
 public:
  Batcher(LanguageModel& model, const text::Tokenizer& tokenizer, const BatcherOptions& options);
  ~Batcher();
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  /// The sink hears of the reply from the batcher's thread and is destroyed when it has ended.
  /// Its on_failure, maybe from inside submit: invalid_argument as validate(GenerationRequest), or
  /// for a prompt that can never fit; resource_exhausted when too many wait; cancelled after
  /// stop().
  void submit(GenerationRequest request, std::unique_ptr<GenerationSink> sink);

  /// Cancels what is in progress and ends the thread.
  void stop();

  BatcherLoad load() const;

 private:
  struct Reply {
    std::unique_ptr<GenerationSink> sink;
    GenerationRequest request;
    std::int64_t reserved_tokens = 0;
    std::unique_ptr<Generation> generation;  // null while it waits
  };

  void work();
  void admit();
  void step();
  std::vector<Reply*> choose();
  void fail_all(const Error& error);
  Status enqueue(GenerationRequest request, std::unique_ptr<GenerationSink>& sink);
  std::int64_t tokens_needed(const GenerationRequest& request) const;

  LanguageModel& model_;
  const text::Tokenizer& tokenizer_;
  BatcherOptions options_;
  Sampler sampler_;
  std::vector<std::unique_ptr<Reply>> running_;  // the batcher's thread only
  std::int64_t reserved_tokens_ = 0;             // the batcher's thread only
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Reply>> waiting_;  // guarded by mutex_
  std::int64_t running_count_ = 0;              // guarded by mutex_
  bool stopping_ = false;                       // guarded by mutex_
  std::thread thread_;
};

}  // namespace aludel::infer
