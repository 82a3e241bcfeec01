#include <filesystem>
#include <thread>

#include "app/command.h"
#include "app/recipe/recipe.h"
#include <fmt/format.h>

#include "aludel/base/clock.h"
#include "aludel/base/log.h"

namespace aludel::app {
namespace {

struct RunOptions {
  std::string recipe = "recipes/quickstart.toml";
  std::string out;
  std::string from;
  std::string to;
  std::int64_t threads = 0;
  bool list = false;

  template <class V>
  void visit(V& v) {
    v("recipe", recipe, "recipe file");
    v("out", out, "run folder; runs/NAME when missing");
    v("from", from, "run again from this step on");
    v("to", to, "stop after this step");
    v("threads", threads, "threads; 0 is one per core", kThreadCounts);
    v("list", list, "show the steps and stop");
  }
};

Result<int> run(const CommandLine& line) {
  RunOptions options;
  if (ALUDEL_TRY(line.read(options, {"recipe"})) == Parsed::help_shown) return kExitDone;
  const Recipe recipe = ALUDEL_TRY(load_recipe(options.recipe));
  if (options.list) {
    for (const Step& step : recipe.steps) {
      print(fmt::format("{:<16} {}", step.name, step.what));
    }
    return kExitDone;
  }
  RecipeRun where;
  where.run_folder =
      std::filesystem::absolute(options.out.empty() ? "runs/" + recipe.name : options.out);
  where.from = options.from;
  where.to = options.to;
  where.threads = options.threads > 0 ? static_cast<int>(options.threads)
                                      : static_cast<int>(std::thread::hardware_concurrency());
  where.isa = line.isa;
  log_info("run {}: {}", recipe.name, recipe.about);
  const double started = now_seconds();
  auto done = run_recipe(recipe, where);
  if (!done) {
    Error error = std::move(done).error();
    if (error.code == Code::cancelled) error.message += "; the same command goes on from here";
    return error;
  }
  log_info("run {}: done in {:.0f} s, in {}", recipe.name, now_seconds() - started,
           where.run_folder);
  if (!options.to.empty()) return kExitDone;
  for (const std::string& text : recipe.closing) {
    print(fill_in(text, {{"run", std::filesystem::relative(where.run_folder)}}));
  }
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_run = {
    .name = "run",
    .summary = "Runs a recipe: the whole pipeline as one resumable run folder.",
    .details =
        "A recipe is a list of aludel commands. Steps that are done are skipped; a killed\n"
        "run goes on where it was; a changed recipe runs again from the change.\n"
        "Example: aludel run recipes/quickstart.toml --to curate",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
