#pragma once

#include <set>
#include <string>
#include <vector>

#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Takes the files of run folders of curate out of `found`, with a warning that names each folder:
/// what a run wrote, and its own `own_run` above all, is no input because it lies in an input
/// folder. A run's documents are read where a source names its kept/ or a file of it. Returns those
/// folders, as the files are named, with a slash at their end.
std::set<std::string> leave_out_runs(io::FileSystem& files, const std::string& own_run,
                                     std::vector<io::FileInfo>& found);

}  // namespace aludel::curate
