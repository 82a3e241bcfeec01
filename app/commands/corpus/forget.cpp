#include "aludel/curate/revisit/forget/forget.h"

#include "app/commands/corpus/actions.h"
#include "app/commands/corpus/run_argument.h"
#include "app/report/write_report.h"
#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/base/log.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::app {
namespace {

struct ForgetOptions {
  std::string run;
  std::string file;
  std::vector<std::string> tokens;
  std::string tokenizer;
  std::int64_t threads = 0;
  bool strict = false;
  bool json = false;

  template <class V>
  void visit(V& v) {
    v("run", run, kRunHelp);
    v("file", file, "a file with an id or URL a line");
    v("tokens", tokens, "folders of the token shards made of the run, or none");
    v("tokenizer", tokenizer, "with --tokens: the tokenizer that made them");
    v("threads", threads, "threads; 0 is one per core", kThreadCounts);
    v("strict", strict, "exit with 1 where a line matched nothing");
    v("json", json, "print the result as one JSON object");
  }
};

Json summary_json(const curate::ForgetSummary& summary) {
  Json json = Json::object();
  json["requested"] = summary.requested;
  json["kept"] = summary.kept;
  json["rejects"] = summary.rejects;
  json["tokens"] = summary.tokens;
  json["files"] = summary.files;
  json["unmatched"] = Json(Json::Array(summary.unmatched.begin(), summary.unmatched.end()));
  return json;
}

std::string summary_text(const curate::ForgetSummary& summary, const std::string& run) {
  std::string text = fmt::format(
      "{} ids and URLs: {} documents removed from kept, {} from rejects, {} tokens; "
      "{} files changed, ledger.json has the proof: {}\n",
      summary.requested, summary.kept, summary.rejects, summary.tokens, summary.files, run);
  for (const std::string& name : summary.unmatched) {
    text += "matched nothing: " + name + "\n";
  }
  return text;
}

Result<int> forget(const CommandLine& line) {
  ForgetOptions options;
  if (ALUDEL_TRY(line.read(options, {"run", "file"})) == Parsed::help_shown) return kExitDone;
  if (options.file.empty()) {
    return Error{Code::invalid_argument,
                 "[corpus forget] give a run, and a file with an id or URL a line"};
  }
  io::SchemeFileSystem files;
  Threads threads(static_cast<int>(options.threads));
  const std::string run = ALUDEL_TRY(run_folder_of(files, options.run));
  const auto summary = ALUDEL_TRY(
      curate::forget(files, threads, {run, options.file, options.tokens, options.tokenizer}));
  ALUDEL_TRY(write_report(files, run, io::join_path(run, curate::kReportFile)));
  if (summary.was_interrupted) log_info("forget: ended first what an earlier call had begun");
  if (!summary.made_from.empty()) {
    log_warning("{} was made from {}, which is left as it is", run, summary.made_from);
  }
  print(options.json ? summary_json(summary).dump() : summary_text(summary, run));
  if (options.strict && !summary.unmatched.empty()) {
    return Error{Code::not_found, fmt::format("[forget] --strict: {} ids and URLs matched nothing",
                                              summary.unmatched.size())};
  }
  return kExitDone;
}

}  // namespace

constinit const Action corpus_forget = {
    .name = "forget",
    .run = forget,
    .summary = "Removes documents from all files of a finished run, and from token shards.",
    .details =
        "FILE has one id or URL a line (.gz and .zst too); blank lines and # are passed over. "
        "Changes\n"
        "the run where it lies, everything at once or not at all: after a kill the same command\n"
        "finishes. ledger.json has the proof, by hashes. Where token shards were made of the run,\n"
        "name them with --tokens and --tokenizer; `--tokens none` says that they are gone.\n"
        "Example: aludel corpus forget runs/web takedown.txt --tokens tokens --tokenizer tokenizer",
};

}  // namespace aludel::app
