#include "app/command.h"
#include "app/commands/corpus/actions.h"

namespace aludel::app {
namespace {

Result<int> run(const CommandLine& line) {
  const Action actions[] = {corpus_explain, corpus_redecide, corpus_recover, corpus_forget,
                            corpus_forecast};
  return run_action(line, actions);
}

}  // namespace

extern constinit const CommandSpec command_corpus = {
    .name = "corpus",
    .summary = "Asks finished runs of curate why and at what cost, and decides, recovers, forgets.",
    .details =
        "aludel corpus explain RUN ID\n"
        "    what each layer measured of one document, and what it decided\n"
        "aludel corpus redecide RUN [--set KEY=VALUE...] [--config FILE] [--out DIR]\n"
        "    a new run from the notes of an annotated one, with other settings\n"
        "aludel corpus recover RUN RULE... [--out DIR]\n"
        "    a new run with the rejects that rules match\n"
        "aludel corpus forget RUN FILE [--tokens DIR... --tokenizer TOK]\n"
        "    removes documents from all files of a run, and from token shards made of it\n"
        "aludel corpus forecast CONFIG RUN RUN... [--bytes 84TB] [--cores N] [--price N]\n"
        "    what a run will cost, told from runs over parts of its input\n"
        "RUN is the folder that `aludel curate` made; docs/cascade/keeping.md tells more.\n"
        "Each takes --help. Example: aludel corpus explain runs/web https://example.org/page",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
