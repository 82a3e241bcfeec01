#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aludel/io/file_system.h"

namespace aludel::io {

/// Hands every call to the file system behind it; a class that changes some of them derives from
/// it. Concurrent calls: yes, if those behind it take them.
class ForwardingFileSystem : public FileSystem {
 public:
  using FileSystem::open;
  Result<std::unique_ptr<ByteReader>> open(const std::string& path, std::uint64_t offset) override;
  Result<std::unique_ptr<ByteWriter>> create(const std::string& path) override;
  Result<std::unique_ptr<ByteWriter>> create_scratch(const std::string& path) override;
  Result<std::unique_ptr<ByteWriter>> append(const std::string& path) override;
  Result<std::vector<FileInfo>> list(const std::string& path) override;
  Result<FileInfo> info(const std::string& path) override;
  Status remove(const std::string& path) override;
  Status make_folders(const std::string& path) override;
  /// Errors: unsupported between two file systems.
  Status rename(const std::string& from, const std::string& to) override;
  Result<MappedFile> map(const std::string& path) override;

 protected:
  /// The file system that a path belongs to.
  virtual FileSystem& behind(const std::string& path) = 0;
};

}  // namespace aludel::io
