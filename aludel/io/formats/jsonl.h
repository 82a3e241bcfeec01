#pragma once

#include <memory>
#include <string>

#include "aludel/base/json.h"
#include "aludel/io/json_stream.h"

// JSON Lines: one JSON value a line; see docs/formats/jsonl.md, also for what else is read.
namespace aludel::io {

/// Reads the values of a (compressed) JSONL file. One caller at a time.
class JsonlReader {
 public:
  static Result<JsonlReader> open(FileSystem& files, const std::string& path,
                                  std::size_t max_line_bytes = std::size_t{256} << 20);

  /// The next value, as parse_record() reads it; blank lines are skipped. False at the end.
  /// Errors name path and line; where last_error_was_line(), the next call goes on with the line
  /// that follows, after any other error the file cannot be read on.
  Result<bool> next(Json& value);

  /// The next value that is a sound one; the others are left out, and a warning says how many at
  /// the end. Errors: those of the file.
  Result<bool> next_sound(Json& value);

  /// Whether an error of next() concerns one line only (not JSON, or too long).
  bool last_error_was_line() const { return last_error_was_line_; }

  /// The line of the value given last, or its number in a file without lines.
  std::uint64_t line_number() const { return values_.number(); }

 private:
  JsonlReader(JsonStream values, std::string path)
      : values_(std::move(values)), path_(std::move(path)) {}

  JsonStream values_;
  std::string path_;
  bool last_error_was_line_ = false;
  std::uint64_t bad_lines_ = 0;
  std::string first_bad_line_;
};

/// Writes values as lines, compressed as the path's extension says. One caller at a time.
class JsonlWriter {
 public:
  static Result<JsonlWriter> create(FileSystem& files, const std::string& path);

  /// Writes to a file that was made otherwise.
  explicit JsonlWriter(std::unique_ptr<ByteWriter> file) : file_(std::move(file)) {}

  Status write(const Json& value);

  /// Without it nothing is left at the path.
  Status commit();

 private:
  std::unique_ptr<ByteWriter> file_;
  std::string lines_;  // that are not in the file yet
};

}  // namespace aludel::io
