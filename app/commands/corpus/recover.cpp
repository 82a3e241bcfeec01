#include <algorithm>

#include "app/commands/corpus/actions.h"
#include "app/commands/corpus/run_argument.h"
#include "app/commands/curate/make_run.h"
#include "app/commands/curate/words.h"

#include "aludel/curate/run/stored_run.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::app {
namespace {

struct RecoverOptions {
  std::string run;
  std::vector<std::string> rules;
  RunOptions made;

  template <class V>
  void visit(V& v) {
    v("run", run, kRunHelp);
    v("rules", rules, "what to keep after all: LAYER[:REASON] [score<N]…, several with ;");
    made.visit(v);
  }
};

Result<int> recover(const CommandLine& line) {
  RecoverOptions options;
  if (ALUDEL_TRY(line.read(options, {"run", "rules"})) == Parsed::help_shown) return kExitDone;
  ALUDEL_TRY(check_said(line));
  if (options.rules.empty() || std::ranges::count(options.rules, "") > 0) {
    return Error{Code::invalid_argument,
                 "[corpus recover] give a run and a rule, as 'metrics:too_few_words score<1.5'"};
  }
  io::SchemeFileSystem files;
  const auto run =
      ALUDEL_TRY(curate::StoredRun::open(files, ALUDEL_TRY(run_folder_of(files, options.run))));
  curate::CurateConfig config = ALUDEL_TRY(curate::config_over_run(run, "", "command line", {}));
  config.recover = options.rules;
  config.out = run.folder() + "-recovered";
  return make_run(files, line, options.made, std::move(config));
}

}  // namespace

constinit const Action corpus_recover = {
    .name = "recover",
    .run = recover,
    .summary = "Makes a new run of a finished one with the rejects that rules match.",
    .details =
        "Reads kept and rejects of the run, not the sources. What was kept stays kept. A document "
        "that\n"
        "a rule matches goes on through the layers behind the one that dropped it, and is tagged "
        "with\n"
        "the rule. The new run goes into --out, or into RUN-recovered.\n"
        "Example: aludel corpus recover runs/web 'metrics:too_few_words score<1.5'\n"
        "         aludel corpus recover runs/web 'topic source=forums' "
        "'quality score>=0.04 language=zh'",
};

}  // namespace aludel::app
