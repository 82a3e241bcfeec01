#pragma once

#include <memory>
#include <string>

#include "aludel/base/json.h"
#include "aludel/io/lines.h"

// JSON Lines: one JSON value a line; see docs/formats/jsonl.md.
namespace aludel::io {

/// Reads the values of a (compressed) JSONL file. One caller at a time.
class JsonlReader {
 public:
  static Result<JsonlReader> open(FileSystem& files, const std::string& path,
                                  std::size_t max_line_bytes = std::size_t{256} << 20);

  /// The next value; blank lines are skipped. False at the end.
  /// Errors name path and line; where last_error_was_line(), the next call goes on with the line
  /// that follows, after any other error the file cannot be read on.
  Result<bool> next(Json& value);

  /// Whether an error of next() concerns one line only (not JSON, or too long).
  bool last_error_was_line() const { return last_error_was_line_; }

  std::uint64_t line_number() const { return lines_.line_number(); }

 private:
  JsonlReader(LineReader lines, std::string path)
      : lines_(std::move(lines)), path_(std::move(path)) {}

  LineReader lines_;
  std::string path_;
  bool last_error_was_line_ = false;
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
