#include "aludel/serve/work_lanes.h"

#include <exception>
#include <utility>

#include "aludel/base/log.h"

namespace aludel::serve {

WorkLane::WorkLane(std::size_t max_waiting)
    : max_waiting_(max_waiting), thread_([this] { work(); }) {}

WorkLane::~WorkLane() {
  stop();
}

bool WorkLane::submit(LaneTask task) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= max_waiting_) {
      std::erase_if(waiting_, [](const LaneTask& waiting) { return waiting.abandoned(); });
    }
    if (stopping_ || waiting_.size() >= max_waiting_) return false;
    waiting_.push_back(std::move(task));
  }
  changed_.notify_one();
  return true;
}

void WorkLane::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void WorkLane::work() {
  for (;;) {
    LaneTask task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      task = std::move(waiting_.front());
      waiting_.pop_front();
    }
    if (task.abandoned()) continue;
    try {
      task.run();
    } catch (const std::exception& bug) {  // a request's boundary: its reply is dropped, a 500
      log_warning("[serve] a bug, please report it: {}", bug.what());
    }
  }
}

bool WorkLanes::submit(std::size_t bytes, LaneTask task) {
  return (bytes <= kShortBytes ? short_ : long_).submit(std::move(task));
}

void WorkLanes::stop() {
  short_.stop();
  long_.stop();
}

}  // namespace aludel::serve
