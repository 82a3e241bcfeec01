#include "aludel/curate/run/stage_costs.h"

#include <algorithm>

#include <sys/resource.h>

#include "aludel/base/clock.h"

namespace aludel::curate {
namespace {

rusage usage_of_process() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage;
}

double cpu_seconds_of(const rusage& usage) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Returns the most memory that the process has had. Linux states it in KiB.
std::uint64_t peak_memory_bytes() {
  return static_cast<std::uint64_t>(usage_of_process().ru_maxrss) * 1024;
}

}  // namespace

void StageCosts::enter(std::string_view name) {
  end();
  const auto found = std::ranges::find(stages_, name, &Stage::name);
  if (found == stages_.end()) {
    stages_.push_back({std::string(name), 0, 0});
    open_ = &stages_.back();
  } else {
    open_ = &*found;
  }
  cpu_begin_ = cpu_seconds_of(usage_of_process());
  begin_ = now_seconds();
}

void StageCosts::end() {
  if (open_ == nullptr) return;
  open_->cpu_seconds += cpu_seconds_of(usage_of_process()) - cpu_begin_;
  open_->seconds += now_seconds() - begin_;
  open_ = nullptr;
}

void StageCosts::add_to(Json& timing) const {
  Json rows = Json::array();
  for (const Stage& stage : stages_) {
    Json row = Json::object();
    row["name"] = stage.name;
    row["cpu_seconds"] = stage.cpu_seconds;
    row["seconds"] = stage.seconds;
    rows.push_back(std::move(row));
  }
  timing["stages"] = std::move(rows);
  timing["peak_memory_bytes"] = peak_memory_bytes();
}

}  // namespace aludel::curate
