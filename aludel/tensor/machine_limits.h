#pragma once
// What this machine can do at most, measured: the ceilings beside which speeds are reported.

#include "aludel/tensor/device.h"

namespace aludel::tensor {

struct MachineLimits {
  double read_gigabytes_per_second = 0;  // of memory far larger than the caches, all threads
  double f32_gigaflops = 0;              // of oneDNN's matrix product, all threads
  double bf16_gigaflops = 0;             // the same in bf16
};

/// Takes about a second.
MachineLimits measure_machine(Device& device);

}  // namespace aludel::tensor
