#pragma once

#include <chrono>
#include <thread>

namespace aludel {

/// Waits up to a minute, more than a busy machine needs, for what another thread will do.
template <class Condition>
bool eventually(const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

}  // namespace aludel
