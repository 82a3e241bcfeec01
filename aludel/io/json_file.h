#pragma once

#include <string>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::io {

/// Reads a file that holds one JSON object. Errors: those of reading; corrupt_data with the path
/// for what is no JSON or no object.
Result<Json> read_json_object(FileSystem& files, const std::string& path);

/// Does the same, and returns an empty object where there is no such file.
Result<Json> read_optional_json_object(FileSystem& files, const std::string& path);

}  // namespace aludel::io
