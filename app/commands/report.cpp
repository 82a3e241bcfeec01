#include "app/command.h"
#include "app/report/write_report.h"

#include "aludel/curate/layout/run_paths.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::app {
namespace {

struct ReportOptions {
  std::string run;
  std::string out;

  template <class V>
  void visit(V& v) {
    v("run", run, "folder of a run, or of a curation");
    v("out", out, "HTML file; RUN/report.html when missing");
  }
};

Result<int> run(const CommandLine& line) {
  ReportOptions options;
  if (ALUDEL_TRY(line.read(options, {"run"})) == Parsed::help_shown) return kExitDone;
  if (options.run.empty()) return Error{Code::invalid_argument, "[report] give a run folder"};
  io::SchemeFileSystem files;
  const std::string out =
      options.out.empty() ? io::join_path(options.run, curate::kReportFile) : options.out;
  ALUDEL_TRY(write_report(files, options.run, out));
  print(out);
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_report = {
    .name = "report",
    .summary = "Draws a run or a curation as one self-contained HTML file.",
    .details =
        "Shows what the folder of a run or of a curation has: funnel, samples and scores per\n"
        "layer, planted defects, loss, evaluation, sizes, times.\n"
        "Example: aludel report runs/quickstart",
    .run = run,
};

}  // namespace aludel::app
