#pragma once

#include "aludel/io/file_system.h"
#include "aludel/io/remote/http_client.h"

namespace aludel::io {

/// Files on web servers, to be read: a path is an http:// or https:// address, which stands for one
/// file. A server should answer ranges; of one that does not, files up to 256 MiB are read, whole.
/// Concurrent calls: yes.
class HttpFileSystem final : public FileSystem {
 public:
  explicit HttpFileSystem(HttpClient& client) : client_(client) {}

  using FileSystem::open;
  /// Errors: not_found, io_error; io_error also for a file that changes while it is read.
  Result<std::unique_ptr<ByteReader>> open(const std::string& path, std::uint64_t offset) override;
  /// The file itself: a web server has no list of its files.
  Result<std::vector<FileInfo>> list(const std::string& path) override;
  Result<FileInfo> info(const std::string& path) override;
  Result<MappedFile> map(const std::string& path) override;

  /// Errors: unsupported, always.
  Result<std::unique_ptr<ByteWriter>> create(const std::string& path) override;
  Result<std::unique_ptr<ByteWriter>> create_scratch(const std::string& path) override;
  Result<std::unique_ptr<ByteWriter>> append(const std::string& path) override;
  Status remove(const std::string& path) override;
  Status make_folders(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;

 private:
  Result<std::string> fetch(const FileInfo& file, std::uint64_t begin, std::uint64_t end);

  HttpClient& client_;
};

/// What a reply without success says, as an error on `path`.
Error http_error(std::string_view path, int status);

}  // namespace aludel::io
