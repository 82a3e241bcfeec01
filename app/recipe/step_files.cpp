#include "app/recipe/step_files.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

namespace aludel::app {
namespace {

namespace fs = std::filesystem;

std::int64_t files_at(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return fs::exists(path, error) ? 1 : 0;
  std::int64_t count = 0;
  for (auto entry = fs::recursive_directory_iterator(path, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (!entry->is_directory(error)) ++count;
  }
  return count;
}

}  // namespace

std::vector<std::string> paths_written(const Step& step, const Values& values) {
  std::vector<std::string> found = step.outputs;
  if (!step.result.empty()) found.push_back(step.result);
  const auto flag = std::ranges::find(step.command, "--out");
  if (flag != step.command.end() && flag + 1 != step.command.end()) found.push_back(*(flag + 1));
  if (step.config.is_object()) found.push_back(step.config.string_or("out", "{run}"));
  std::vector<std::string> paths;
  for (const std::string& path : found) {
    if (path != "{run}") paths.push_back(fill_in(path, values));
  }
  std::ranges::sort(paths);
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

Json count_files(const std::vector<std::string>& paths) {
  Json counted = Json::object();
  for (const std::string& path : paths) {
    counted[path] = files_at(path);
  }
  return counted;
}

std::string what_is_missing(const std::vector<std::string>& paths, const Json* counted) {
  for (const std::string& path : paths) {
    const std::int64_t wanted = counted == nullptr ? 1 : counted->integer_or(path, 1);
    const std::int64_t there = files_at(path);
    if (there >= wanted) continue;
    return there == 0 ? fmt::format("{} is gone", path)
                      : fmt::format("{} has {} of {} files", path, there, wanted);
  }
  return "";
}

}  // namespace aludel::app
