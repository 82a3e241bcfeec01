#include "aludel/base/threads.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace aludel {

struct Threads::Pool {
  std::vector<std::thread> workers;
  std::atomic<std::uint64_t> generation = 0;  // raised once per parallel_for and once to stop
  std::atomic<std::size_t> next_task = 0;
  std::atomic<std::size_t> busy_workers = 0;
  std::atomic<bool> stopping = false;
  std::size_t tasks = 0;
  const void* context = nullptr;
  Call call = nullptr;
  std::mutex failure_mutex;
  std::exception_ptr failure;

  void work(int worker) {
    for (;;) {
      const std::size_t task = next_task.fetch_add(1, std::memory_order_relaxed);
      if (task >= tasks) return;
      try {
        call(context, task, worker);
      } catch (...) {
        const std::lock_guard lock(failure_mutex);
        if (!failure) failure = std::current_exception();
      }
    }
  }

  /// Waits until `generation` is no longer `seen`: spins about 20 microseconds, then parks.
  void await_change(std::uint64_t seen) const {
    for (int i = 0; i < 2000; ++i) {
      if (generation.load(std::memory_order_acquire) != seen) return;
      __builtin_ia32_pause();
    }
    generation.wait(seen, std::memory_order_acquire);
  }
};

namespace {

constexpr int kOutside = -1;

/// The worker that this thread is at the moment: a nested call runs under the same number.
int& current_worker() {
  thread_local int worker = kOutside;
  return worker;
}

}  // namespace

Threads::Threads(int count) : pool_(std::make_unique<Pool>()) {
  if (count <= 0) count = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  for (int worker = 1; worker < count; ++worker) {
    pool_->workers.emplace_back([this, worker] {
      current_worker() = worker;
      for (std::uint64_t seen = 0;;) {
        pool_->await_change(seen);
        seen = pool_->generation.load(std::memory_order_acquire);
        if (pool_->stopping.load()) return;
        pool_->work(worker);
        if (pool_->busy_workers.fetch_sub(1) == 1) pool_->busy_workers.notify_one();
      }
    });
  }
}

Threads::~Threads() {
  pool_->stopping = true;
  ++pool_->generation;
  pool_->generation.notify_all();
  for (std::thread& worker : pool_->workers) {
    worker.join();
  }
}

int Threads::count() const {
  return static_cast<int>(pool_->workers.size()) + 1;
}

void Threads::run(std::size_t tasks, const void* context, Call call) {
  const int caller = current_worker();
  if (caller != kOutside || pool_->workers.empty() || tasks <= 1) {
    for (std::size_t task = 0; task < tasks; ++task) {
      call(context, task, std::max(caller, 0));
    }
    return;
  }
  Pool& pool = *pool_;
  pool.tasks = tasks;
  pool.context = context;
  pool.call = call;
  pool.next_task = 0;
  pool.busy_workers = pool.workers.size();
  ++pool.generation;
  pool.generation.notify_all();
  current_worker() = 0;
  pool.work(0);
  current_worker() = kOutside;
  for (std::size_t busy = pool.busy_workers; busy != 0; busy = pool.busy_workers) {
    for (int i = 0; i < 2000 && pool.busy_workers != 0; ++i) {
      __builtin_ia32_pause();
    }
    if (pool.busy_workers != 0) pool.busy_workers.wait(busy);
  }
  if (pool.failure) std::rethrow_exception(std::exchange(pool.failure, nullptr));
}

}  // namespace aludel
