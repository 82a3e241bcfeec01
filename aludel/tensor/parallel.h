#pragma once

#include <algorithm>
#include <cstddef>

#include "aludel/tensor/device.h"

namespace aludel::tensor {

/// Runs body(first, last) over [0, count) in ranges of `grain` on the device's pool. The ranges
/// depend on the sizes alone.
template <class Body>
void parallel_ranges(Device& device, std::size_t count, std::size_t grain, const Body& body) {
  device.threads().parallel_for((count + grain - 1) / grain, [&](std::size_t task) {
    body(task * grain, std::min(count, (task + 1) * grain));
  });
}

/// Rows of `columns` elements that one task takes, so that a task is about 16K elements.
inline std::size_t rows_per_task(std::size_t columns) {
  constexpr std::size_t kElements = 16384;
  return std::max<std::size_t>(1, kElements / std::max<std::size_t>(1, columns));
}

}  // namespace aludel::tensor
