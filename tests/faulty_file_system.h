#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aludel/io/file_system.h"

namespace aludel {

/// A file system whose n-th operation (opening, reading, writing, committing, renaming …) fails
/// once, as a full or broken disk does.
class FaultyFileSystem final : public io::FileSystem {
 public:
  FaultyFileSystem(io::FileSystem& files, std::int64_t failing_operation)
      : files_(files), left_(failing_operation) {}

  using io::FileSystem::open;

  /// Whether the fault has struck.
  bool has_failed() const { return left_ < 0; }

  Result<std::unique_ptr<io::ByteReader>> open(const std::string& path,
                                               std::uint64_t offset) override {
    ALUDEL_TRY(step(path));
    return std::unique_ptr<io::ByteReader>(
        std::make_unique<Reader>(*this, path, ALUDEL_TRY(files_.open(path, offset))));
  }

  Result<std::unique_ptr<io::ByteWriter>> create(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return std::unique_ptr<io::ByteWriter>(
        std::make_unique<Writer>(*this, path, ALUDEL_TRY(files_.create(path))));
  }

  Result<std::unique_ptr<io::ByteWriter>> append(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return std::unique_ptr<io::ByteWriter>(
        std::make_unique<Writer>(*this, path, ALUDEL_TRY(files_.append(path))));
  }

  Result<std::vector<io::FileInfo>> list(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return files_.list(path);
  }

  Result<io::FileInfo> info(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return files_.info(path);
  }

  Status remove(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return files_.remove(path);
  }

  Status make_folders(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return files_.make_folders(path);
  }

  Status rename(const std::string& from, const std::string& to) override {
    ALUDEL_TRY(step(from));
    return files_.rename(from, to);
  }

  Result<io::MappedFile> map(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return files_.map(path);
  }

 private:
  class Reader final : public io::ByteReader {
   public:
    Reader(FaultyFileSystem& owner, std::string path, std::unique_ptr<io::ByteReader> inner)
        : owner_(owner), path_(std::move(path)), inner_(std::move(inner)) {}

    Result<std::size_t> read(std::span<char> out) override {
      ALUDEL_TRY(owner_.step(path_));
      return inner_->read(out);
    }

   private:
    FaultyFileSystem& owner_;
    std::string path_;
    std::unique_ptr<io::ByteReader> inner_;
  };

  class Writer final : public io::ByteWriter {
   public:
    Writer(FaultyFileSystem& owner, std::string path, std::unique_ptr<io::ByteWriter> inner)
        : owner_(owner), path_(std::move(path)), inner_(std::move(inner)) {}

    Status write(std::string_view bytes) override {
      if (Status fault = owner_.step(path_); !fault) {
        static_cast<void>(inner_->write(bytes.substr(0, bytes.size() / 2)));  // torn
        return fault;
      }
      return inner_->write(bytes);
    }

    Status commit() override {
      ALUDEL_TRY(owner_.step(path_));
      return inner_->commit();
    }

   private:
    FaultyFileSystem& owner_;
    std::string path_;
    std::unique_ptr<io::ByteWriter> inner_;
  };

  Status step(const std::string& path) {
    if (left_.fetch_sub(1) != 0) return Ok{};
    return Error{Code::io_error, path + ": a fault of the test"};
  }

  io::FileSystem& files_;
  std::atomic<std::int64_t> left_;
};

}  // namespace aludel
