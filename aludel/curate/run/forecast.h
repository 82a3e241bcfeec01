#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/io/file_system.h"

// Forecasts what a run costs from the costs of smaller runs: `aludel corpus forecast`.
namespace aludel::curate {

/// The time, memory and disk that a run took, or will take by a forecast.
struct RunCost {
  double input_bytes = 0;                                   // as the files are stored
  std::vector<std::pair<std::string, double>> cpu_seconds;  // by stage, in order
  double peak_memory_bytes = 0;
  double scratch_bytes = 0;  // OUT/work, with the largest layer's shuffles, and OUT/state
  double output_bytes = 0;   // OUT/kept and OUT/rejects

  double total_cpu_seconds() const;
};

/// Reads the cost of a finished run. Errors: not_found if there is no finished run;
/// invalid_argument for a run without input, and for one that was stopped and resumed, since the
/// time of its first part is not known; corrupt_data.
Result<RunCost> read_run_cost(io::FileSystem& files, const std::string& run);

/// Checks that the runs had the layers and settings that `config` has. Errors: invalid_argument
/// with the run that had others; those of reading.
Status check_calibration(io::FileSystem& files, const CurateConfig& config,
                         std::span<const std::string> runs);

/// Returns the bytes of all files of the sources. Errors: those of plan_shards().
Result<std::uint64_t> input_bytes_of(io::FileSystem& files, const CurateConfig& config);

/// A forecast for an input this many times that of the largest run says little.
inline constexpr double kFarForecast = 1000;

/// Returns the bytes of input of the largest run. REQUIRES: there is a run.
double largest_input(std::span<const RunCost> runs);

/// Forecasts the cost of a run over `input_bytes`. Draws a line through each quantity of the runs
/// over their input (least squares) and reads it at `input_bytes`; no line falls, and none begins
/// below zero. A stage's cost is linear in its input, and its input is linear in the run's, as long
/// as the sources keep their nature. Only the stage that loads the models is not: it costs the mean
/// of the runs. Memory is at most the least of the runs' peaks plus `memory_limit_bytes`, the
/// memory for sorting. Errors: invalid_argument for fewer than two runs, for runs of nearly the
/// same size, or for runs of different stages.
Result<RunCost> forecast(std::span<const RunCost> runs, double input_bytes,
                         double memory_limit_bytes);

}  // namespace aludel::curate
