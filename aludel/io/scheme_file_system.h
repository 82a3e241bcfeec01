#pragma once

#include <memory>
#include <string>

#include "aludel/io/file_system.h"
#include "aludel/io/remote/s3_client.h"

namespace aludel::io {

/// Sends each path to the place that its scheme names: http:// and https:// to web servers, s3://
/// to an object store, everything else to this machine's disk. Concurrent calls: yes.
class SchemeFileSystem final : public FileSystem {
 public:
  explicit SchemeFileSystem(S3Config s3 = s3_config_from_environment(),
                            const HttpPatience& patience = http_patience_from_environment());
  ~SchemeFileSystem() override;
  SchemeFileSystem(const SchemeFileSystem&) = delete;
  SchemeFileSystem& operator=(const SchemeFileSystem&) = delete;

  using FileSystem::open;
  Result<std::unique_ptr<ByteReader>> open(const std::string& path, std::uint64_t offset) override;
  Result<std::unique_ptr<ByteWriter>> create(const std::string& path) override;
  Result<std::unique_ptr<ByteWriter>> create_scratch(const std::string& path) override;
  Result<std::unique_ptr<ByteWriter>> append(const std::string& path) override;
  Result<std::vector<FileInfo>> list(const std::string& path) override;
  Result<FileInfo> info(const std::string& path) override;
  Status remove(const std::string& path) override;
  Status make_folders(const std::string& path) override;
  /// Errors: unsupported between two places.
  Status rename(const std::string& from, const std::string& to) override;
  Result<MappedFile> map(const std::string& path) override;

 private:
  struct Places;

  FileSystem& place_of(const std::string& path);

  std::unique_ptr<Places> places_;
};

}  // namespace aludel::io
