#pragma once

#include <csignal>
#include <thread>

#include <unistd.h>

#include "aludel/base/stop.h"

namespace aludel {

/// Sends the process a signal as `kill` does, and waits until it has arrived.
inline void ask_to_stop() {
  ::kill(::getpid(), SIGTERM);
  while (!stop_requested()) {
    std::this_thread::yield();
  }
}

}  // namespace aludel
