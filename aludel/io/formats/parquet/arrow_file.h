#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aludel/io/file_system.h"

namespace arrow {
class Status;

namespace io {
class OutputStream;
class RandomAccessFile;
}  // namespace io
}  // namespace arrow

// Our files as Arrow sees them. Only built with Arrow.
namespace aludel::io {

/// What went wrong on our side of a file, for Arrow's own errors lose its code.
struct ArrowTrouble {
  std::optional<Error> first;

  /// Keeps the first error and gives Arrow one of its own.
  arrow::Status note(const Error& error);
};

/// A file of `files` as one that Arrow may read anywhere. `trouble` must outlive it.
Result<std::shared_ptr<arrow::io::RandomAccessFile>> open_arrow_file(FileSystem& files,
                                                                     const std::string& path,
                                                                     ArrowTrouble& trouble);

/// A writer as a stream of Arrow's. Both arguments must outlive it.
std::shared_ptr<arrow::io::OutputStream> arrow_stream(ByteWriter& writer, ArrowTrouble& trouble);

/// Our error for a status that is not ok: what was noted, else corrupt_data.
Error arrow_error(const std::string& path, const arrow::Status& status,
                  const ArrowTrouble& trouble);

}  // namespace aludel::io
