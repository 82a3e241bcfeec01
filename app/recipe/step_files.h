#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/recipe/recipe.h"

namespace aludel::app {

/// The files and folders that a step leaves, with the holes filled in: its `result` and `outputs`,
/// what follows --out in its command, and its config's `out`. The run folder itself is none.
std::vector<std::string> paths_written(const Step& step, const Values& values);

/// How many files there are at each path (a folder: in it), as a JSON object by path.
Json count_files(const std::vector<std::string>& paths);

/// What is no longer there of `paths`, as a sentence for the log; "" when nothing is missing.
/// `counted` is what count_files() said when the step was done; a path that is not in it must hold
/// one file at least.
std::string what_is_missing(const std::vector<std::string>& paths, const Json* counted);

}  // namespace aludel::app
