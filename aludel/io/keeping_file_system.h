#pragma once

#include <memory>
#include <string>

#include "aludel/io/forwarding_file_system.h"

// What a command may do to finished files that it finds where it writes.
namespace aludel::io {

enum class Existing : std::uint8_t { keep, replace };

/// Another file system on which a finished file stays what it is: a file that is written again must
/// get the same bytes. The first byte that differs is an error, and the old file stays. With
/// Existing::replace, and for scratch, append, rename and remove, it is the other file system.
/// Concurrent calls: yes.
class KeepingFileSystem final : public ForwardingFileSystem {
 public:
  KeepingFileSystem(FileSystem& files, Existing existing) : files_(files), existing_(existing) {}

  Existing existing() const { return existing_; }

  Result<std::unique_ptr<ByteWriter>> create(const std::string& path) override;

 private:
  FileSystem& behind(const std::string& path) override;

  FileSystem& files_;
  Existing existing_;
};

/// Holds the place of an output from before the work to its end, so that a second process that is
/// to write there is refused, and a place that cannot be written is told at once. The lock is an
/// unfinished file, which a kill frees; an object store has none.
class OutputClaim {
 public:
  /// Makes the folder of `path`, the file that the work writes last, and claims it.
  /// Errors: io_error while another process holds it; those of a folder that cannot be written.
  static Result<OutputClaim> take(FileSystem& files, const std::string& path);

 private:
  explicit OutputClaim(std::unique_ptr<ByteWriter> writer) : writer_(std::move(writer)) {}

  std::unique_ptr<ByteWriter> writer_;  // never committed
};

}  // namespace aludel::io
