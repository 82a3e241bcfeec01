#pragma once

#include <string>
#include <string_view>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::io {

/// Parses the bytes of a file that holds one JSON object. Errors: corrupt_data with the path for
/// what is no JSON, no object, another file in its place (expect_no_stand_in), or has a member
/// twice, of which programs take the first or the last.
Result<Json> parse_json_object(std::string_view bytes, const std::string& path);

/// Reads such a file. Errors: those of reading and of parse_json_object.
Result<Json> read_json_object(FileSystem& files, const std::string& path);

/// Does the same, and returns an empty object where there is no such file.
Result<Json> read_optional_json_object(FileSystem& files, const std::string& path);

}  // namespace aludel::io
