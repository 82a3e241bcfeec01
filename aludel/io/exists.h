#pragma once

#include <string>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::io {

/// True if there is a file at the path. Errors: those of the file system; a place that cannot be
/// looked at is not an empty one.
Result<bool> exists(FileSystem& files, const std::string& path);

}  // namespace aludel::io
