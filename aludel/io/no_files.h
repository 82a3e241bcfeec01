#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"

// What stands in a folder of this machine's disk and FileSystem::list() leaves out.
namespace aludel::io {

struct NoFile {
  std::string path;
  std::string_view what;
};

/// What stands below a path and is no file that is there and finished, sorted by path, or, where
/// there is nothing of that name and it has wildcards, what of that matches it: "dangling_link",
/// "folder_link" (which is not followed), "special_file" (a pipe, socket or device) and
/// "unfinished_file" (of FileSystem::create()). Nothing is opened. Empty for an address and for
/// what is no folder. Errors: those of FileSystem::list(), whose companion it is.
Result<std::vector<NoFile>> find_no_files(const std::string& path);

}  // namespace aludel::io
