#include <algorithm>

#include "app/command.h"
#include "app/model_command.h"

#include "aludel/base/check.h"
#include "aludel/eval/suite.h"

namespace aludel::app {
namespace {

struct EvalOptions {
  ModelOptions model;
  std::string suite = "bits_per_byte";
  std::string data;
  bool json = false;

  template <class V>
  void visit(V& v) {
    model.visit(v);
    v("suite", suite, "what to measure; see: aludel list suites", one_of(eval::all_suites()));
    v("data", data, "what the suite reads");
    v("json", json, "print one JSON object on one line");
  }
};

Result<int> run(const CommandLine& line) {
  EvalOptions options;
  if (ALUDEL_TRY(line.read(options, {"model"})) == Parsed::help_shown) return kExitDone;
  const auto suites = eval::all_suites();
  const auto suite = std::ranges::find(suites, options.suite, &eval::SuiteSpec::name);
  ALUDEL_CHECK(suite != suites.end(), "[eval] an unknown suite passed validation");
  const auto running = ALUDEL_TRY(open_model(line, options.model, infer::TokenizerNeed::required));
  const Json result = ALUDEL_TRY((*suite)->run({running->loaded, running->files, options.data}));
  print(options.json ? result.dump() : result.dump_pretty());
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_eval = {
    .name = "eval",
    .summary = "Measures a model on a suite.",
    .details =
        "A model that was tuned to chat continues web text worse than the one it was made of.\n"
        "Example: aludel eval runs/quickstart/pretrain --data runs/quickstart/tokens/valid "
        "--json",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
