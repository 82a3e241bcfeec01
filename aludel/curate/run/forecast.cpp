#include "aludel/curate/run/forecast.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/run/stored_run.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/exec/manifest.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/io/json_file.h"

namespace aludel::curate {
namespace {

constexpr double kLeastSizeRatio =
    1.5;  // of the largest to the smallest run: with less, noise decides

constexpr std::string_view kFixedStage = "load";  // loads the models, whatever the input

Error wrong(std::string_view what) {
  return {Code::invalid_argument, fmt::format("[forecast] {}", what)};
}

/// Returns as text the parts of a resolved config on which the cost of a byte depends.
std::string settings_of(const CurateConfig& config) {
  const Json resolved = resolved_config(config);
  Json settings = Json::object();
  for (const char* key :
       {"layers", "profiles", "annotate", "target_tokens", "target_keep", "limit", "sample"}) {
    if (const Json* value = resolved.find(key)) settings[key] = *value;
  }
  return settings.dump();
}

/// Adds the sizes of the files that the tasks of a run wrote.
Status add_disk(io::FileSystem& files, const std::string& run, RunCost& cost) {
  auto rows = ALUDEL_TRY(io::JsonlReader::open(files, io::join_path(run, kManifestFile)));
  Json json;
  while (ALUDEL_TRY(rows.next(json))) {
    const exec::ManifestRow row = ALUDEL_TRY(exec::manifest_row_from_json(json));
    if (row.stage == "run") continue;  // this row names the files of the other rows again
    for (const exec::OutputFile& output : row.outputs) {
      const bool is_scratch =
          is_below(output.path, kWorkFolder) || is_below(output.path, kStateFolder);
      (is_scratch ? cost.scratch_bytes : cost.output_bytes) +=
          static_cast<double>(output.size_bytes);
    }
  }
  return Ok{};
}

/// Returns the least-squares line through (x, y) at `at`. The line does not fall, and does not
/// begin below zero.
double line_at(std::span<const double> x, std::span<const double> y, double at) {
  const auto n = static_cast<double>(x.size());
  const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double along = 0;
  double across = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    along += (x[i] - mean_x) * (x[i] - mean_x);
    across += (x[i] - mean_x) * (y[i] - mean_y);
  }
  const double slope = std::max(across / along, 0.0);
  const double begin = mean_y - slope * mean_x;
  return begin >= 0 ? begin + slope * at : mean_y / mean_x * at;
}

}  // namespace

double RunCost::total_cpu_seconds() const {
  double sum = 0;
  for (const auto& [stage, seconds] : cpu_seconds) {
    sum += seconds;
  }
  return sum;
}

Result<RunCost> read_run_cost(io::FileSystem& files, const std::string& run) {
  const std::string path = io::join_path(run, kTimingReport);
  const Json timing = ALUDEL_TRY(io::read_json_object(files, path));
  const Json* stages = timing.find("stages");
  if (stages == nullptr || !stages->is_array() || stages->as_array().empty()) {
    return Error{Code::corrupt_data,
                 path + ": [forecast] no stages; an older program made this run"};
  }
  if (timing.bool_or("resumed", false)) {
    return wrong(fmt::format("{} was stopped and went on: its whole time is not known", run));
  }
  RunCost cost;
  cost.input_bytes = timing.number_or("input_bytes", 0);
  cost.peak_memory_bytes = timing.number_or("peak_memory_bytes", 0);
  cost.scratch_bytes = timing.number_or("shuffle_bytes", 0);
  if (!(cost.input_bytes > 0)) return wrong(fmt::format("{} has no input", run));
  for (const Json& stage : stages->as_array()) {
    cost.cpu_seconds.emplace_back(stage.string_or("name", ""), stage.number_or("cpu_seconds", 0));
  }
  ALUDEL_TRY(add_disk(files, run, cost));
  return cost;
}

Status check_calibration(io::FileSystem& files, const CurateConfig& config,
                         std::span<const std::string> runs) {
  const std::string wanted = settings_of(config);
  for (const std::string& run : runs) {
    const CurateConfig ran = ALUDEL_TRY(read_resolved_config(files, run));
    if (settings_of(ran) != wanted) {
      return wrong(fmt::format("{} ran other layers or settings than this config does", run));
    }
  }
  return Ok{};
}

Result<std::uint64_t> input_bytes_of(io::FileSystem& files, const CurateConfig& config) {
  return stored_bytes(ALUDEL_TRY(plan_shards(files, sources_to_cut(config))));
}

double largest_input(std::span<const RunCost> runs) {
  return std::ranges::max(runs, {}, &RunCost::input_bytes).input_bytes;
}

namespace {

/// Returns the processor seconds that a stage takes at `input_bytes`.
double stage_seconds(std::span<const RunCost> runs, std::span<const double> sizes,
                     std::size_t stage, double input_bytes) {
  std::vector<double> seconds;
  for (const RunCost& run : runs) {
    seconds.push_back(run.cpu_seconds[stage].second);
  }
  if (runs[0].cpu_seconds[stage].first == kFixedStage) {
    return std::accumulate(seconds.begin(), seconds.end(), 0.0) /
           static_cast<double>(seconds.size());
  }
  return line_at(sizes, seconds, input_bytes);
}

}  // namespace

Result<RunCost> forecast(std::span<const RunCost> runs, double input_bytes,
                         double memory_limit_bytes) {
  std::vector<double> sizes;
  for (const RunCost& run : runs) {
    sizes.push_back(run.input_bytes);
  }
  if (sizes.size() < 2 || std::ranges::max(sizes) < kLeastSizeRatio * std::ranges::min(sizes)) {
    return wrong(
        "needs two finished runs or more, the largest 1.5 times the smallest or larger: one cannot "
        "tell what is fixed from what grows");
  }
  const auto line = [&](const auto& value_of) {
    std::vector<double> values;
    for (const RunCost& run : runs) {
      values.push_back(value_of(run));
    }
    return line_at(sizes, values, input_bytes);
  };
  RunCost cost;
  cost.input_bytes = input_bytes;
  for (std::size_t stage = 0; stage < runs[0].cpu_seconds.size(); ++stage) {
    const std::string& name = runs[0].cpu_seconds[stage].first;
    for (const RunCost& run : runs) {
      if (run.cpu_seconds.size() != runs[0].cpu_seconds.size() ||
          run.cpu_seconds[stage].first != name) {
        return wrong("the runs have different stages");
      }
    }
    cost.cpu_seconds.emplace_back(name, stage_seconds(runs, sizes, stage, input_bytes));
  }
  const double least_memory =
      std::ranges::min(runs, {}, &RunCost::peak_memory_bytes).peak_memory_bytes;
  cost.peak_memory_bytes = std::min(line([](const RunCost& run) { return run.peak_memory_bytes; }),
                                    least_memory + memory_limit_bytes);
  cost.scratch_bytes = line([](const RunCost& run) { return run.scratch_bytes; });
  cost.output_bytes = line([](const RunCost& run) { return run.output_bytes; });
  return cost;
}

}  // namespace aludel::curate
