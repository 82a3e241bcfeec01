#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aludel/io/file_system.h"

namespace aludel {

/// Files in memory, for tests and fuzz targets; folders exist by themselves. One caller at a time.
class MemoryFileSystem final : public io::FileSystem {
 public:
  /// `max_read_bytes` limits what one read gives, as a slow source would.
  explicit MemoryFileSystem(std::size_t max_read_bytes = std::size_t{1} << 30)
      : max_read_bytes_(max_read_bytes) {}

  std::map<std::string, std::string>& files() { return files_; }

  using FileSystem::open;

  Result<std::unique_ptr<io::ByteReader>> open(const std::string& path,
                                               std::uint64_t offset) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return missing(path);
    return std::unique_ptr<io::ByteReader>(
        std::make_unique<Reader>(found->second, offset, max_read_bytes_));
  }

  Result<std::unique_ptr<io::ByteWriter>> create(const std::string& path) override {
    return std::unique_ptr<io::ByteWriter>(std::make_unique<Writer>(files_, path, ""));
  }

  Result<std::unique_ptr<io::ByteWriter>> create_scratch(const std::string& path) override {
    return create(path);
  }

  Result<std::unique_ptr<io::ByteWriter>> append(const std::string& path) override {
    return std::unique_ptr<io::ByteWriter>(std::make_unique<Writer>(files_, path, files_[path]));
  }

  Result<std::vector<io::FileInfo>> list(const std::string& path) override {
    std::vector<io::FileInfo> found;
    for (const auto& [name, bytes] : files_) {
      if (name == path || name.starts_with(path + "/")) found.push_back({name, bytes.size()});
    }
    return found;
  }

  Result<io::FileInfo> info(const std::string& path) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return missing(path);
    return io::FileInfo{path, found->second.size()};
  }

  Status remove(const std::string& path) override {
    std::erase_if(files_, [&path](const auto& file) {
      return file.first == path || file.first.starts_with(path + "/");
    });
    return Ok{};
  }

  Status make_folders(const std::string& /*path*/) override { return Ok{}; }

  Status rename(const std::string& from, const std::string& to) override {
    auto node = files_.extract(from);
    if (node.empty()) return missing(from);
    files_[to] = std::move(node.mapped());
    return Ok{};
  }

  Result<io::MappedFile> map(const std::string& path) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return missing(path);
    return io::MappedFile(found->second);
  }

 private:
  class Reader final : public io::ByteReader {
   public:
    Reader(const std::string& bytes, std::size_t offset, std::size_t max_read_bytes)
        : bytes_(bytes), at_(std::min(offset, bytes.size())), max_read_bytes_(max_read_bytes) {}

    Result<std::size_t> read(std::span<char> out) override {
      const std::size_t count = bytes_.copy(out.data(), std::min(out.size(), max_read_bytes_), at_);
      at_ += count;
      return count;
    }

   private:
    const std::string& bytes_;
    std::size_t at_;
    std::size_t max_read_bytes_;
  };

  class Writer final : public io::ByteWriter {
   public:
    Writer(std::map<std::string, std::string>& files, std::string path, std::string bytes)
        : files_(files), path_(std::move(path)), bytes_(std::move(bytes)) {}

    Status write(std::string_view bytes) override {
      bytes_ += bytes;
      return Ok{};
    }

    Status commit() override {
      files_[path_] = bytes_;
      return Ok{};
    }

   private:
    std::map<std::string, std::string>& files_;
    std::string path_;
    std::string bytes_;
  };

  static Error missing(const std::string& path) {
    return Error{Code::not_found, path + ": no such file"};
  }

  std::map<std::string, std::string> files_;
  std::size_t max_read_bytes_;
};

}  // namespace aludel
