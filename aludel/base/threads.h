#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

namespace aludel {

/// The one pool that runs all compute. Workers spin briefly, then park.
/// One caller at a time may use parallel_for; a call from inside a task runs inline.
class Threads {
 public:
  /// `count` threads in all, the caller included; 0 means one per core.
  explicit Threads(int count);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  int count() const;

  /// Runs body(task, worker) for every task in [0, tasks), and returns when all are done. Tasks are
  /// claimed in order by any worker in [0, count()), so a result must be placed by task, never by
  /// worker. The first CheckFailure of a task is thrown again here.
  template <class Body>
  void parallel_for(std::size_t tasks, const Body& body) {
    run(tasks, &body, [](const void* context, std::size_t task, int worker) {
      const Body& typed = *static_cast<const Body*>(context);
      if constexpr (std::is_invocable_v<const Body&, std::size_t, int>) {
        typed(task, worker);
      } else {
        typed(task);
      }
    });
  }

 private:
  using Call = void (*)(const void* context, std::size_t task, int worker);
  struct Pool;
  void run(std::size_t tasks, const void* context, Call call);
  std::unique_ptr<Pool> pool_;
};

}  // namespace aludel
