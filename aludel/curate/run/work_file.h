#pragma once

#include <memory>
#include <string>

#include "aludel/base/result.h"
#include "aludel/curate/document/document.h"
#include "aludel/io/file_system.h"

// Documents on their way from one segment to the next. Texts are written as they are, and notes and
// metadata as base/json_bytes.h has them, so that nothing is escaped or parsed. The file is
// scratch, made and read by one build: no other program may rely on it.
namespace aludel::curate {

/// Writes such a file. One caller at a time.
class WorkFileWriter {
 public:
  static Result<WorkFileWriter> create(io::FileSystem& files, const std::string& path);

  /// Leaves fetched bytes out. REQUIRES: the document is no reject.
  Status write(const Document& document);

  /// Without it nothing is left at the path.
  Status commit();

 private:
  explicit WorkFileWriter(std::unique_ptr<io::ByteWriter> file) : file_(std::move(file)) {}

  std::unique_ptr<io::ByteWriter> file_;
  std::string records_;  // that are not in the file yet
};

/// Reads such a file. One caller at a time.
class WorkFileReader {
 public:
  static Result<WorkFileReader> open(io::FileSystem& files, const std::string& path);

  /// Gives the next document; false behind the last. Errors: corrupt_data for what no writer wrote,
  /// with the path.
  Result<bool> next(Document& document);

 private:
  WorkFileReader(std::unique_ptr<io::ByteReader> file, std::string path)
      : file_(std::move(file)), path_(std::move(path)) {}

  /// Makes `bytes` more bytes available from at_ on; false at the end of the file.
  Result<bool> fill(std::size_t bytes);

  std::unique_ptr<io::ByteReader> file_;
  std::string path_;
  std::string buffer_;
  std::size_t at_ = 0;
};

}  // namespace aludel::curate
