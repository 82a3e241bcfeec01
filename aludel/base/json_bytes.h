#pragma once

#include <string>
#include <string_view>

#include "aludel/base/json.h"

// JSON values as bytes that cost less to write and read than JSON does, for scratch that one build
// writes and reads.
namespace aludel {

/// Appends a value. It is read back as if it had been written as JSON and parsed: bytes that are
/// not UTF-8 become U+FFFD, NaN and infinities null, and whole numbers integers.
void append_json_bytes(std::string& out, const Json& value);

/// Reads the value that `bytes` begins with, and removes it from there. Returns false if no
/// append_json_bytes() wrote it, or it has more than 1,024 levels; then `bytes` may be anywhere.
bool take_json_bytes(std::string_view& bytes, Json& value);

}  // namespace aludel
