#pragma once

#include <cstddef>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// The number of tasks that have left notes: one for each shard in each segment.
struct RunShape {
  std::size_t shards = 0;
  std::size_t segments = 0;
};

/// Merges the notes of a run's tasks, and writes OUT/report/layers.json, timing.json and
/// models.json, which is {"models": […], "cautions": […]} of model_cards.h. Logs the cautions.
Status write_run_report(io::FileSystem& files, const CurateConfig& config, const RunShape& shape,
                        const Json& timing, const std::vector<Json>& models);

}  // namespace aludel::curate
