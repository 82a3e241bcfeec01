#pragma once

#include <cstdint>

namespace aludel::app {

/// Starts a new measurement of this process's largest resident size, where the kernel allows it.
void reset_peak_memory();

/// Largest resident size in bytes since the last reset; 0 where the kernel does not say.
std::int64_t peak_memory_bytes();

}  // namespace aludel::app
