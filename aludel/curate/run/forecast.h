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

// What a run will cost, told from smaller ones: `aludel corpus forecast`.
namespace aludel::curate {

/// Time, memory and disk of a run, measured or foretold.
struct RunCost {
  double input_bytes = 0;                                   // as the files are stored
  std::vector<std::pair<std::string, double>> cpu_seconds;  // by stage, in order
  double peak_memory_bytes = 0;
  double scratch_bytes = 0;  // OUT/work, with the largest layer's shuffles, and OUT/state
  double output_bytes = 0;   // OUT/kept and OUT/rejects

  double total_cpu_seconds() const;
};

/// What a finished run has noted of itself.
/// Errors: not_found where it is no finished run; invalid_argument for one that was stopped and
/// went on, since its first part's time is not known; corrupt_data.
Result<RunCost> read_run_cost(io::FileSystem& files, const std::string& run);

/// Refuses runs that did something else than `config` will do: other layers or settings.
/// Errors: invalid_argument with the run, those of reading.
Status check_calibration(io::FileSystem& files, const CurateConfig& config,
                         std::span<const std::string> runs);

/// Bytes of all files of the sources. Errors: not_found.
Result<std::uint64_t> input_bytes_of(io::FileSystem& files, const CurateConfig& config);

/// So many times the largest run's input ahead, a forecast says little.
inline constexpr double kFarForecast = 1000;

/// Bytes of input of the largest run. REQUIRES: there is one.
double largest_input(std::span<const RunCost> runs);

/// Draws a line through each quantity of the runs over their input (least squares) and reads it at
/// `input_bytes`; no line falls, and none begins below zero. A stage's cost is linear in its input,
/// and its input in the run's, as long as the sources keep their nature; loading the models is not,
/// and costs what it did on average. Memory ends at what the smallest run took and
/// `memory_limit_bytes`, what sorting may take. Errors: invalid_argument for less than two sizes,
/// or runs of different stages.
Result<RunCost> forecast(std::span<const RunCost> runs, double input_bytes,
                         double memory_limit_bytes);

}  // namespace aludel::curate
