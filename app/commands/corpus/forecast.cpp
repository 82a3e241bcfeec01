#include "aludel/curate/run/forecast.h"

#include <algorithm>

#include "app/commands/corpus/actions.h"
#include "app/commands/corpus/cost_text.h"

#include "aludel/base/log.h"
#include "aludel/base/memory_size.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::app {
namespace {

struct ForecastOptions {
  std::string config;
  std::vector<std::string> runs;
  std::vector<std::string> set;
  std::string bytes;
  std::string memory;
  CostTerms terms;
  bool json = false;

  template <class V>
  void visit(V& v) {
    v("config", config, "TOML of the run that is to come");
    v("runs", runs, "two or more finished runs of this config over parts of the input");
    v("set", set, "changes to the config");
    v("bytes", bytes, "input as stored, 84TB or a number of bytes; empty: that of the sources");
    v("memory", memory, "what sorting may take in memory, 8GB; default half the machine");
    v("cores", terms.cores, "say the hours on so many cores, too", at_least(0));
    v("price", terms.price, "say the cost, too, at so much for an hour of one core", at_least(0));
    v("json", json, "print one JSON object");
  }
};

Result<int> forecast(const CommandLine& line) {
  ForecastOptions options;
  if (ALUDEL_TRY(line.read(options, {"config", "runs"})) == Parsed::help_shown) return kExitDone;
  if (options.config.empty() || options.runs.empty() || std::ranges::count(options.runs, "") > 0) {
    return Error{Code::invalid_argument,
                 "[corpus forecast] give a config, and two or more finished runs of it"};
  }
  io::SchemeFileSystem files;
  curate::CurateConfig config = ALUDEL_TRY(curate::read_curate_config(
      ALUDEL_TRY(io::read_file(files, options.config)), options.config, options.set));
  if (!options.memory.empty()) config.memory = options.memory;
  ALUDEL_TRY(curate::check_calibration(files, config, options.runs));
  std::vector<curate::RunCost> runs;
  for (const std::string& run : options.runs) {
    runs.push_back(ALUDEL_TRY(curate::read_run_cost(files, run)));
  }
  auto bytes = options.bytes.empty() ? curate::input_bytes_of(files, config)
                                     : parse_memory_size(options.bytes);
  if (!bytes) return std::move(bytes).error().with_context("[corpus forecast] --bytes");
  const auto memory = static_cast<double>(ALUDEL_TRY(curate::memory_bytes_of(config)));
  const curate::RunCost cost =
      ALUDEL_TRY(curate::forecast(runs, static_cast<double>(bytes.value()), memory));
  const double times = cost.input_bytes / curate::largest_input(runs);
  if (times > curate::kFarForecast) {
    log_warning(
        "the input is {:.0f} times the largest of the runs: so far ahead a line through them says "
        "little; measure a larger part",
        times);
  }
  print(options.json ? cost_json(cost, options.terms).dump() : cost_text(cost, options.terms));
  return kExitDone;
}

}  // namespace

constinit const Action corpus_forecast = {
    .name = "forecast",
    .run = forecast,
    .summary = "Tells what a run will cost, from finished runs over parts of its input.",
    .details =
        "Draws a line through CPU time, memory and disk of the runs over their input, and reads it "
        "at\n"
        "the size of the config's sources, or at --bytes. No document is read (docs/scale.md).\n"
        "Example: aludel corpus forecast whole.toml runs/part1 runs/part2 --bytes 84TB --cores 64",
};

}  // namespace aludel::app
