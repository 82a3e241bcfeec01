#include "aludel/curate/revisit/explain.h"

#include "app/commands/corpus/actions.h"
#include "app/commands/corpus/explanation_text.h"
#include "app/commands/corpus/run_argument.h"

#include "aludel/base/threads.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::app {
namespace {

struct ExplainOptions {
  std::string run;
  std::string id;
  std::string models;
  std::int64_t threads = 0;
  bool json = false;

  template <class V>
  void visit(V& v) {
    v("run", run, kRunHelp);
    v("id", id, "id or URL of a document; of a file that was not read, its path");
    v("models", models, "folder with trained models, where the run's has moved");
    v("threads", threads, "threads; 0 is one per core", kThreadCounts);
    v("json", json, "print one JSON object");
  }
};

Result<int> explain(const CommandLine& line) {
  ExplainOptions options;
  if (ALUDEL_TRY(line.read(options, {"run", "id"})) == Parsed::help_shown) return kExitDone;
  if (options.id.empty()) {
    return Error{Code::invalid_argument,
                 "[corpus explain] give a run, and the id or URL of a document"};
  }
  io::SchemeFileSystem files;
  Threads threads(static_cast<int>(options.threads));
  const std::string folder = ALUDEL_TRY(run_folder_of(files, options.run));
  const Json explanation =
      ALUDEL_TRY(curate::explain(files, threads, folder, options.id, options.models));
  print(options.json ? explanation.dump() : explanation_text(explanation));
  return kExitDone;
}

}  // namespace

constinit const Action corpus_explain = {
    .name = "explain",
    .run = explain,
    .summary = "Says what each layer measured of one document, and what it decided.",
    .details =
        "Reads the document again from its source and sends it through all layers with the run's\n"
        "settings and states, also behind the layer that dropped it. Where the source is gone, it\n"
        "shows what the run noted. Prints each value beside the limit and the setting that holds "
        "it.\n"
        "Example: aludel corpus explain runs/web https://example.org/page",
};

}  // namespace aludel::app
