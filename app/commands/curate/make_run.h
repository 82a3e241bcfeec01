#pragma once

#include <cstdint>
#include <string>

#include "app/command.h"

#include "aludel/base/result.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/io/file_system.h"

// What `curate`, `corpus redecide` and `corpus recover` share: each makes a run.
namespace aludel::app {

/// What a run is told whatever it reads.
struct RunOptions {
  std::string out;
  std::string models;
  std::int64_t threads = 0;
  std::string memory;
  bool dry_run = false;
  bool overwrite = false;
  bool strict = false;
  bool json = false;

  template <class V>
  void visit(V& v) {
    v("out", out, "run folder; overrides `out` of the config");
    v("models", models, "folder with trained models; overrides `models` of the config");
    v("threads", threads, "threads; 0 is one per core", kThreadCounts);
    v("memory", memory,
      "what sorting may take in memory, 8GB; the rest goes to OUT/work; default half the machine");
    v("dry_run", dry_run,
      "say what would be read, by which layers and models, and what is missing; write nothing");
    v("overwrite", overwrite,
      "replace a finished run of other settings, sources or models in --out");
    v("strict", strict, "exit with 1 where anything was not read");
    v("json", json, "print the result as one JSON object");
  }
};

/// Makes the run that `config` describes, as `options` change it, and prints what was kept and what
/// was not read. With --dry-run it prints what the run would do. `line` is noted in the run.
/// Errors: invalid_argument for settings that exclude each other; those of curate::curate() and
/// dry_run(); corrupt_data with --strict where anything was not read.
Result<int> make_run(io::FileSystem& files, const CommandLine& line, const RunOptions& options,
                     curate::CurateConfig config);

}  // namespace aludel::app
