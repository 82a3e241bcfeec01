#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "aludel/base/json.h"
#include "aludel/io/file_system.h"

// Rows of a file as JSON objects, whether it is JSON Lines or Parquet.
namespace aludel::io {

enum class ColumnType : std::uint8_t {
  text,
  number,
  json  // any value; in the file it is a text that holds JSON, so that all files have one schema
};

/// A column of a table. What is no JSON in a column of JSON is read as text.
struct Column {
  std::string_view name;
  ColumnType type = ColumnType::text;
  bool is_optional = false;  // a line of JSON Lines leaves it out where the row does not have it
};

/// One caller at a time.
class RowReader {
 public:
  RowReader() = default;
  virtual ~RowReader() = default;
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;

  /// The next row; false at the end. Errors name path and row; where last_error_was_row(), the next
  /// call goes on with the row that follows, after any other error the file cannot be read on.
  virtual Result<bool> next(Json& row) = 0;

  virtual bool last_error_was_row() const = 0;

  /// Number of the row (of JSON Lines: of the line) that next() gave last, from 1.
  virtual std::uint64_t row_number() const = 0;
};

/// One caller at a time.
class RowWriter {
 public:
  RowWriter() = default;
  virtual ~RowWriter() = default;
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  virtual Status write(const Json& row) = 0;

  /// Without it nothing is left at the path.
  virtual Status commit() = 0;
};

/// The row as a line of JSON Lines has it: all columns in their order, an empty text or null where
/// it lacks one, columns of JSON as texts. Other members are left out. Without columns it stays.
Json as_row(Json row, std::span<const Column> columns);

/// Makes the value of a column of JSON of the text that a file has for it; what is no JSON stays.
void parse_json_column(Json* value);

/// Whether a path names a Parquet file.
bool is_parquet_path(std::string_view path);

/// Opens a file of rows: Parquet, where its first bytes or its name say so (of one that is cut, the
/// name alone), else JSON Lines. Of Parquet the
/// columns named are read, where the file has them; of JSON Lines all members. Errors: those of
/// opening it; unsupported for Parquet in a program that was built without it.
Result<std::unique_ptr<RowReader>> open_rows(FileSystem& files, const std::string& path,
                                             std::span<const Column> columns);

/// A new file of rows, Parquet or JSON Lines (see as_row()) as its name says; members of a row that
/// are no column are not written.
Result<std::unique_ptr<RowWriter>> create_rows(FileSystem& files, const std::string& path,
                                               std::span<const Column> columns);

}  // namespace aludel::io
