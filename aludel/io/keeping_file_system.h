#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "aludel/io/forwarding_file_system.h"

// What a command may do to finished files that it finds where it writes.
namespace aludel::io {

enum class Existing : std::uint8_t { keep, replace };

/// Another file system on which a finished file stays what it is: a file that is written again must
/// get the same bytes. The first byte that differs is an error, and the old file stays. With
/// Existing::replace a finished file is replaced, but none that was read through this object, by
/// whatever path: who reads it and writes there, in this or the other order, gets an error.
/// Scratch, append, rename and remove are those of the other file system. Concurrent calls: yes.
class KeepingFileSystem final : public ForwardingFileSystem {
 public:
  KeepingFileSystem(FileSystem& files, Existing existing) : files_(files), existing_(existing) {}

  Existing existing() const { return existing_; }

  using FileSystem::open;
  Result<std::unique_ptr<ByteReader>> open(const std::string& path, std::uint64_t offset) override;
  Result<std::unique_ptr<ByteWriter>> create(const std::string& path) override;
  Result<MappedFile> map(const std::string& path) override;

 private:
  enum class Use : std::uint8_t { read, claimed, written };

  class NotedWriter;

  FileSystem& behind(const std::string& path) override;
  Status note_read(const std::string& path);
  void note_written(const std::string& place);

  FileSystem& files_;
  Existing existing_;
  std::mutex mutex_;
  std::map<std::string, Use, std::less<>> uses_;  // by place, with Existing::replace
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
