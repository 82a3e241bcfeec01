#include "aludel/curate/sources/runs_inside.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "aludel/base/log.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/exec/manifest.h"
#include "aludel/io/lines.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kMostRowBytes = std::size_t{1} << 24;

/// Returns the place of a path on the disk, the same for every way to write it; an address as it
/// is.
std::string place_of(const std::string& path) {
  if (path.find("://") != std::string::npos) return path;
  return std::filesystem::absolute(path.empty() ? "./" : path).lexically_normal().string();
}

/// True if the file is the manifest of a run, because its first line is a row of one.
bool is_manifest(io::FileSystem& files, const std::string& path) {
  auto bytes = files.open(path);
  if (!bytes) return false;
  io::LineReader lines(std::move(bytes).value(), kMostRowBytes);
  std::string_view line;
  const auto more = lines.next(line);
  if (!more || !more.value()) return false;
  const auto json = parse_json(line);
  return json && json.value().find("stage") != nullptr &&
         exec::manifest_row_from_json(json.value()).has_value();
}

}  // namespace

std::set<std::string> leave_out_runs(io::FileSystem& files, const std::string& own_run,
                                     std::vector<io::FileInfo>& found) {
  std::set<std::string> runs;  // folders with a slash at their end, as the files are named
  const std::string own = own_run.empty() ? "" : place_of(io::without_end_slashes(own_run)) + "/";
  std::string folder;  // the folder of the file before: many files lie in one folder
  for (const io::FileInfo& file : found) {
    const std::string of_file = file.path.substr(0, file.path.rfind('/') + 1);
    const bool is_new = of_file != folder;
    folder = of_file;
    const std::string place = is_new && !own.empty() ? place_of(folder) : "";
    if (place.starts_with(own) && !place.empty()) {
      runs.insert(folder.substr(0, folder.size() - (place.size() - own.size())));
    } else if (!folder.empty() && file.path.substr(folder.size()) == kManifestFile &&
               is_manifest(files, file.path)) {
      runs.insert(folder);
    }
  }
  for (const std::string& run : runs) {
    const std::size_t left_out =
        std::erase_if(found, [&](const io::FileInfo& file) { return file.path.starts_with(run); });
    if (left_out == 0) continue;  // it lies inside another run
    log_warning(
        "{} lies in an input folder and is a run of curate: its {} files are not read; "
        "{}{} as a path reads its documents",
        run, left_out, run, kKeptFolder);
  }
  return runs;
}

}  // namespace aludel::curate
