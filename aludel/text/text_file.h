#pragma once

#include <cstdint>
#include <string>

#include "aludel/io/file_system.h"
#include "aludel/text/charset.h"

namespace aludel::text {

/// The whole of a plain, gzip or zstd file of text as UTF-8, whatever its encoding was. Errors:
/// those of the file; unsupported for a file that holds no text, named by what it holds;
/// resource_exhausted above `limit_bytes`.
Result<DecodedText> read_text_file(io::FileSystem& files, const std::string& path,
                                   std::uint64_t limit_bytes);

}  // namespace aludel::text
