#include "app/commands/corpus/actions.h"
#include "app/commands/corpus/run_argument.h"
#include "app/commands/curate/make_run.h"
#include "app/commands/curate/words.h"

#include "aludel/curate/run/stored_run.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::app {
namespace {

struct RedecideOptions {
  std::string run;
  std::string config;
  std::vector<std::string> set;
  RunOptions made;

  template <class V>
  void visit(V& v) {
    v("run", run, kRunHelp);
    v("config", config,
      "TOML that replaces the run's settings; without sources it takes the run's");
    v("set", set, "changes to the settings: layers.metrics.min_words=30 layers.topic=off");
    made.visit(v);
  }
};

Result<int> redecide(const CommandLine& line) {
  RedecideOptions options;
  if (ALUDEL_TRY(line.read(options, {"run"})) == Parsed::help_shown) return kExitDone;
  ALUDEL_TRY(check_said(line));
  io::SchemeFileSystem files;
  const auto run =
      ALUDEL_TRY(curate::StoredRun::open(files, ALUDEL_TRY(run_folder_of(files, options.run))));
  const bool has_config = !options.config.empty();
  const std::string toml = has_config ? ALUDEL_TRY(io::read_file(files, options.config)) : "";
  curate::CurateConfig config = ALUDEL_TRY(curate::config_over_run(
      run, toml, has_config ? options.config : "command line", options.set));
  if (config.out.empty()) config.out = run.folder() + "-redecided";
  return make_run(files, line, options.made, std::move(config));
}

}  // namespace

constinit const Action corpus_redecide = {
    .name = "redecide",
    .run = redecide,
    .summary = "Makes a new run from the notes of an annotated one, with other settings.",
    .details =
        "Reads the documents that `aludel curate --annotate` kept, not the sources. The new run "
        "keeps\n"
        "what one over the sources with these settings would keep. It goes into --out, or into\n"
        "RUN-redecided. docs/cascade/keeping.md lists the settings that may change.\n"
        "Example: aludel corpus redecide runs/all --set layers.metrics.min_words=30 --out runs/b\n"
        "         aludel corpus redecide runs/all --set target_keep=0.01 --out runs/best\n"
        "         aludel corpus redecide runs/all --set 'recover=metrics:too_few_words score<1.5'\n"
        "         aludel corpus redecide runs/all --config other.toml --dry-run",
};

}  // namespace aludel::app
