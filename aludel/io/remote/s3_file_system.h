#pragma once

#include "aludel/io/file_system.h"
#include "aludel/io/remote/s3_client.h"

namespace aludel::io {

/// Objects of a store that speaks Amazon's S3 protocol, as files: a path is s3://BUCKET/KEY, and a
/// folder is a prefix that ends in a slash; it need not be made. An object appears as a whole when
/// it is committed, and what a writer that was dropped had sent is given up.
/// What differs from a disk: append() keeps the whole file in memory and writes it anew at each
/// commit, and does not see another writer of the same file; rename() copies (at most 5 GB).
/// Concurrent calls: yes.
class S3FileSystem final : public FileSystem {
 public:
  explicit S3FileSystem(S3Client& client) : client_(client) {}

  using FileSystem::open;
  /// Reads in ranges of up to 8 MiB. Errors: io_error for an object that changes meanwhile.
  Result<std::unique_ptr<ByteReader>> open(const std::string& path, std::uint64_t offset) override;
  /// Sends parts of 16 MiB while it is written to; at most 10,000 of them.
  Result<std::unique_ptr<ByteWriter>> create(const std::string& path) override;
  Result<std::unique_ptr<ByteWriter>> create_scratch(const std::string& path) override;
  Result<std::unique_ptr<ByteWriter>> append(const std::string& path) override;
  Result<std::vector<FileInfo>> list(const std::string& path) override;
  Result<FileInfo> info(const std::string& path) override;
  Status remove(const std::string& path) override;
  Status make_folders(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Result<MappedFile> map(const std::string& path) override;

 private:
  S3Client& client_;
};

}  // namespace aludel::io
