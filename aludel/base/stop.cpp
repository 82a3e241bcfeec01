#include "aludel/base/stop.h"

#include <atomic>
#include <csignal>
#include <thread>

#include <unistd.h>

namespace aludel {
namespace {

std::atomic<bool>& stop_flag() {
  static std::atomic<bool> flag = false;
  static_assert(std::atomic<bool>::is_always_lock_free);  // a handler may set it
  return flag;
}

std::atomic<bool>& pipe_flag() {
  static std::atomic<bool> flag = false;
  return flag;
}

void ask_by_pipe(int) {
  pipe_flag() = true;
  stop_flag() = true;
}

void ask(int signal) {
  stop_flag() = true;
  std::signal(signal, SIG_DFL);  // a second signal ends the program at once
}

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

/// Leaves the signals to a thread that does nothing else. oneDNN's kernels for matrix products let
/// the stack pointer point into the heap while they run, and a handler's frame would be written
/// over what lies below.
void take_signals_in_a_thread() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);  // threads that start later inherit it
  std::thread([set] {
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    for (;;) {
      ::pause();
    }
  }).detach();
}

}  // namespace

void catch_stop_signals() {
  stop_flag() = false;
  pipe_flag() = false;
  std::signal(SIGINT, ask);
  std::signal(SIGTERM, ask);
  std::signal(SIGPIPE, ask_by_pipe);  // comes to the thread that writes, which runs no kernel
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its size limit: an error of write(2), no sudden death
  [[maybe_unused]] static const bool is_started = (take_signals_in_a_thread(), true);
}

void unblock_stop_signals() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool pipe_was_closed() {
  return pipe_flag();
}

bool stop_requested() {
  return stop_flag();
}

}  // namespace aludel
