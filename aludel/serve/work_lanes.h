#pragma once
// Threads for what a request needs before it can wait for the model: reading JSON, encoding text.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace aludel::serve {

/// A piece of work for one client.
struct LaneTask {
  std::function<void()> run;
  std::function<bool()> abandoned;  // its client has left: it need not run
};

/// One thread and its bounded queue.
class WorkLane {
 public:
  explicit WorkLane(std::size_t max_waiting);
  ~WorkLane();
  WorkLane(const WorkLane&) = delete;
  WorkLane& operator=(const WorkLane&) = delete;

  /// False when too many wait for clients that are still there, or after stop().
  bool submit(LaneTask task);

  /// Takes no more, runs what waits, and returns when the last task has ended.
  void stop();

 private:
  void work();

  std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<LaneTask> waiting_;  // guarded by mutex_
  bool stopping_ = false;         // guarded by mutex_
  std::thread thread_;
};

/// Two lanes, so that short requests never stand behind long ones.
class WorkLanes {
 public:
  /// As WorkLane::submit, in the lane for a request with so many bytes.
  bool submit(std::size_t bytes, LaneTask task);

  void stop();

 private:
  static constexpr std::size_t kShortBytes = std::size_t{64} << 10;  // encoded in a tenth second
  WorkLane short_{256};
  WorkLane long_{16};
};

}  // namespace aludel::serve
