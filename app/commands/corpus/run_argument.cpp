#include "app/commands/corpus/run_argument.h"

#include "aludel/curate/cascade/config.h"

namespace aludel::app {
namespace {

bool is_folder(io::FileSystem& files, const std::string& path) {
  return !files.info(path) && files.list(path).has_value();
}

}  // namespace

Result<std::string> run_folder_of(io::FileSystem& files, const std::string& run) {
  if (run.empty()) return Error{Code::invalid_argument, "[corpus] which run? Give its folder"};
  if (is_folder(files, run)) return run;
  if (!files.info(run)) return Error{Code::not_found, run + ": no such run"};
  const auto config =
      ALUDEL_TRY(curate::read_curate_config(ALUDEL_TRY(io::read_file(files, run)), run, {}));
  if (config.out.empty()) {
    return Error{Code::invalid_argument, "[corpus] the config has no `out`: give the run's folder"};
  }
  return config.out;
}

}  // namespace aludel::app
