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

/// What is said where it is not.
inline constexpr std::string_view kNoParquet =
    "[parquet] this program was built without Parquet; `make parquet` fetches what it needs and "
    "builds it anew";

/// Whether the columns that are not named are read, too.
enum class OtherColumns : std::uint8_t { left_out, read };

/// The rows of the row groups whose first byte lies in [begin, end), so that a file can be cut
/// anywhere. Row numbers count from the file's start. Nulls and columns that the file lacks are
/// absent from a row; lists, structs and maps come as arrays and objects, bytes that are no text in
/// a column that is not named as "3 bytes", and values that JSON has no type for as Arrow prints
/// them. A list that would make more than 1,048,576 values of a row is named by its length. Errors:
/// those of reading; corrupt_data; unsupported without Arrow.
Result<std::unique_ptr<RowReader>> open_parquet(
    FileSystem& files, const std::string& path, std::span<const Column> columns,
    std::uint64_t begin = 0, std::uint64_t end = std::numeric_limits<std::uint64_t>::max(),
    OtherColumns others = OtherColumns::left_out);

/// A new file with these columns, compressed by zstd, in row groups of about 64 MiB of values.
/// The same rows give the same bytes. Errors: those of writing; unsupported without Arrow.
Result<std::unique_ptr<RowWriter>> create_parquet(FileSystem& files, const std::string& path,
                                                  std::span<const Column> columns);

}  // namespace aludel::io
