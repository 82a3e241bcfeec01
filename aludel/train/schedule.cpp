#include "aludel/train/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

namespace aludel::train {
namespace {

/// Share of the peak at `progress` in [0, 1] after the warm-up.
struct ScheduleKind {
  std::string_view name;
  double (*share)(const ScheduleConfig& config, double progress);
};

constexpr std::array kKinds = {
    ScheduleKind{"cosine",
                 [](const ScheduleConfig& config, double progress) {
                   const double falling = 0.5 * (1 + std::cos(std::numbers::pi * progress));
                   return config.final_share + (1 - config.final_share) * falling;
                 }},
    ScheduleKind{"wsd",
                 [](const ScheduleConfig& config, double progress) {
                   const double decayed =
                       std::max(0.0, progress - (1 - config.decay_share)) / config.decay_share;
                   return 1 - (1 - config.final_share) * decayed;
                 }},
    ScheduleKind{"constant", [](const ScheduleConfig&, double) { return 1.0; }},
};

}  // namespace

Choices schedule_kinds() {
  return one_of(kKinds);
}

double learning_rate(const ScheduleConfig& config, std::int64_t step, std::int64_t steps) {
  if (step < config.warmup_steps) {
    return config.peak * static_cast<double>(step + 1) / static_cast<double>(config.warmup_steps);
  }
  const auto after =
      static_cast<double>(std::max<std::int64_t>(1, steps - 1 - config.warmup_steps));
  const double progress = std::min(1.0, static_cast<double>(step - config.warmup_steps) / after);
  const auto kind = std::ranges::find(kKinds, config.kind, &ScheduleKind::name);
  return config.peak * kind->share(config, progress);
}

}  // namespace aludel::train
