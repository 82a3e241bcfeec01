#include "aludel/base/stop.h"

#include <csignal>

namespace aludel {
namespace {

volatile std::sig_atomic_t& stop_flag() {
  static volatile std::sig_atomic_t flag = 0;
  return flag;
}

}  // namespace

void catch_stop_signals() {
  stop_flag() = 0;  // made before any handler can run
  const auto ask = [](int signal) {
    stop_flag() = 1;
    std::signal(signal, SIG_DFL);  // a second signal ends the program at once
  };
  std::signal(SIGINT, ask);
  std::signal(SIGTERM, ask);
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its size limit: an error of write(2), no sudden death
}

bool stop_requested() {
  return stop_flag() != 0;
}

}  // namespace aludel
