#include <array>
#include <filesystem>

#include "app/command.h"
#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/io/file_system.h"
#include "aludel/report/html.h"

namespace aludel::app {
namespace {

struct ReportOptions {
  std::string run;
  std::string out;

  template <class V>
  void visit(V& v) {
    v("run", run, "run folder");
    v("out", out, "HTML file; RUN/report.html when missing");
  }
};

Result<int> run(const CommandLine& line) {
  ReportOptions options;
  if (ALUDEL_TRY(line.read(options, {"run"})) == Parsed::help_shown) return kExitDone;
  if (options.run.empty()) return Error{Code::invalid_argument, "[report] give a run folder"};
  io::LocalFileSystem files;
  const RunFiles run_files(options.run);
  report::HtmlPage page("Aludel run", std::filesystem::path(options.run).filename().string());
  static constexpr std::array kSections = {
      add_summary,    add_funnel,     add_planted,      add_layers,  add_training,
      add_evaluation, add_comparison, add_quantisation, add_samples, add_steps};
  for (const auto add : kSections) {
    add(run_files, page);
  }
  if (page.empty()) {
    return Error{
        Code::not_found,
        fmt::format("[report] nothing to report in '{}': is it a run folder?", options.run)};
  }
  const std::string out = options.out.empty() ? options.run + "/report.html" : options.out;
  ALUDEL_TRY(io::write_file(files, out, page.render()));
  print(out);
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_report = {
    .name = "report",
    .summary = "Draws a run as one self-contained HTML file.",
    .details =
        "Shows what the run folder has: funnel, samples and scores per layer, planted\n"
        "defects, loss, evaluation, sizes, times.\n"
        "Example: aludel report runs/quickstart",
    .run = run,
};

}  // namespace aludel::app
