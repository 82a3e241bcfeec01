#pragma once

#include <set>
#include <string>
#include <vector>

#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Removes the files of run folders of curate from `found`, with a warning that names each folder.
/// What a run wrote (above all the run `own_run` itself) is not input merely because it lies in an
/// input folder. A run's documents are read if a source names its kept/ or a file in it. Returns
/// those folders, named as the files are, with a slash at their end.
std::set<std::string> leave_out_runs(io::FileSystem& files, const std::string& own_run,
                                     std::vector<io::FileInfo>& found);

}  // namespace aludel::curate
