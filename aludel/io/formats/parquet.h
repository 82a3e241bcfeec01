#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>

#include "aludel/io/rows.h"

// Tables of columns, as data sets are published in; see docs/formats/parquet.md. Apache Arrow reads
// and writes them, where the program was built with it (`make parquet`).
namespace aludel::io {

/// Whether this program was built with Arrow.
bool has_parquet();

/// The rows of the row groups whose first byte lies in [begin, end), so that a file can be cut
/// anywhere. Row numbers count from the file's start. Nulls and columns that the file lacks are
/// absent from a row; values that are no text, number or bool come as Arrow prints them.
/// Errors: those of reading; corrupt_data; unsupported without Arrow.
Result<std::unique_ptr<RowReader>> open_parquet(
    FileSystem& files, const std::string& path, std::span<const Column> columns,
    std::uint64_t begin = 0, std::uint64_t end = std::numeric_limits<std::uint64_t>::max());

/// A new file with these columns, compressed by zstd, in row groups of about 64 MiB of values.
/// The same rows give the same bytes. Errors: those of writing; unsupported without Arrow.
Result<std::unique_ptr<RowWriter>> create_parquet(FileSystem& files, const std::string& path,
                                                  std::span<const Column> columns);

}  // namespace aludel::io
