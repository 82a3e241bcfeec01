#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "aludel/base/hash.h"
#include "aludel/io/forwarding_file_system.h"

namespace aludel::io {

/// Another file system that remembers which files were read through it, so that what is made of
/// them can be kept exactly as long as none of them changes: no list of inputs to forget one in.
/// Concurrent calls: yes.
class InputRecorder final : public ForwardingFileSystem {
 public:
  explicit InputRecorder(FileSystem& files) : files_(files) {}

  /// 32 hexadecimal digits of the contents, in the order of the paths, of all files opened or
  /// mapped so far; not of the paths: a folder that is moved as a whole keeps its fingerprint.
  /// Errors: those of reading them again.
  Result<std::string> fingerprint() const;

  /// All files opened or mapped so far, in the order of their paths.
  std::vector<std::string> paths() const;

  using FileSystem::open;
  Result<std::unique_ptr<ByteReader>> open(const std::string& path, std::uint64_t offset) override;
  Result<MappedFile> map(const std::string& path) override;

 private:
  FileSystem& behind(const std::string& path) override;
  void note(const std::string& path);

  FileSystem& files_;
  mutable std::mutex mutex_;
  std::set<std::string> read_;
};

/// The hash of a file's bytes, read from the start to the end. Errors: those of reading.
Result<Hash128> hash_file(FileSystem& files, const std::string& path);

}  // namespace aludel::io
