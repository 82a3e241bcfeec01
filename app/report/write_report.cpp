#include "app/report/write_report.h"

#include <array>
#include <filesystem>

#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/report/html.h"

namespace aludel::app {

Status write_report(io::FileSystem& files, const std::string& folder, const std::string& out) {
  const RunFiles run_files(files, folder);
  const auto path = std::filesystem::path(folder + "/.").lexically_normal().parent_path();
  report::HtmlPage page("Aludel run", path.filename().string());
  static constexpr std::array kSections = {
      add_summary,  add_provenance, add_funnel,     add_targets,      add_planted, add_layers,
      add_training, add_evaluation, add_comparison, add_quantisation, add_samples, add_steps};
  for (const auto add : kSections) {
    add(run_files, page);
  }
  if (page.empty()) {
    return Error{Code::not_found,
                 fmt::format("[report] nothing to report in '{}': is it the folder of a run or "
                             "of a curation?",
                             folder)};
  }
  return io::write_file(files, out, page.render());
}

}  // namespace aludel::app
