#pragma once

#include <cstdint>
#include <string>

#include "aludel/base/config.h"
#include "aludel/base/result.h"

namespace aludel::train {

/// The names that ScheduleConfig::kind takes.
Choices schedule_kinds();

/// How the learning rate moves over a run.
struct ScheduleConfig {
  std::string kind = "cosine";
  double peak = 3e-3;
  std::int64_t warmup_steps = 20;
  double final_share = 0.1;
  double decay_share = 0.2;

  template <class V>
  void visit(V& v) {
    v("kind", kind, "how the rate moves; wsd: warm up, stay, decay", schedule_kinds());
    v("peak", peak, "largest learning rate per step", above(0));
    v("warmup_steps", warmup_steps, "steps over which the rate rises from 0 to its peak",
      at_least(0));
    v("final_share", final_share, "the rate at the last step, as a share of the peak", kShare);
    v("decay_share", decay_share, "wsd: share of the steps in which the rate falls",
      above(0).at_most(1));
  }
};

/// Learning rate of a step in [0, steps). REQUIRES: check_config() was Ok.
/// Sources: cosine, Loshchilov & Hutter 2017, arXiv:1608.03983; wsd, Hu et al. 2024,
/// arXiv:2404.06395, here with a linear decay.
double learning_rate(const ScheduleConfig& config, std::int64_t step, std::int64_t steps);

}  // namespace aludel::train
