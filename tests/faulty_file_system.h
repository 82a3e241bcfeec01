#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aludel/io/file_system.h"

namespace aludel {

/// A file system of which the n-th operation fails, as a disk does that is full or breaks. Count
/// the operations of a run with `fail_at` 0, then run once for each n and expect the old file or
/// nothing. One caller at a time.
class FaultyFileSystem final : public io::FileSystem {
 public:
  explicit FaultyFileSystem(io::FileSystem& inner) : inner_(inner) {}

  /// From now on the n-th operation (from 1) fails with `code`, and so do those after it if
  /// `stays_broken`; 0: none does. Starts the count again.
  void fail_at(std::uint64_t n, Code code = Code::io_error, bool stays_broken = false) {
    fail_at_ = n;
    code_ = code;
    stays_broken_ = stays_broken;
    operations_ = 0;
  }

  /// Paths with this ending cannot be opened.
  void refuse(std::string ending) { refused_ = std::move(ending); }

  /// Operations since fail_at(): open, read, create, write, commit, append, list, info, remove,
  /// make_folders, rename and map.
  std::uint64_t operations() const { return operations_; }

  using FileSystem::open;

  Result<std::unique_ptr<io::ByteReader>> open(const std::string& path,
                                               std::uint64_t offset) override {
    ALUDEL_TRY(step(path));
    if (!refused_.empty() && path.ends_with(refused_)) {
      return Error{Code::io_error, path + ": broken for a test"};
    }
    auto reader = ALUDEL_TRY(inner_.open(path, offset));
    return std::unique_ptr<io::ByteReader>(
        std::make_unique<Reader>(*this, std::move(reader), path));
  }

  Result<std::unique_ptr<io::ByteWriter>> create(const std::string& path) override {
    ALUDEL_TRY(step(path));
    auto writer = ALUDEL_TRY(inner_.create(path));
    return std::unique_ptr<io::ByteWriter>(
        std::make_unique<Writer>(*this, std::move(writer), path));
  }

  Result<std::unique_ptr<io::ByteWriter>> create_scratch(const std::string& path) override {
    ALUDEL_TRY(step(path));
    auto writer = ALUDEL_TRY(inner_.create_scratch(path));
    return std::unique_ptr<io::ByteWriter>(
        std::make_unique<Writer>(*this, std::move(writer), path));
  }

  Result<std::unique_ptr<io::ByteWriter>> append(const std::string& path) override {
    ALUDEL_TRY(step(path));
    auto writer = ALUDEL_TRY(inner_.append(path));
    return std::unique_ptr<io::ByteWriter>(
        std::make_unique<Writer>(*this, std::move(writer), path));
  }

  Result<std::vector<io::FileInfo>> list(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return inner_.list(path);
  }

  Result<io::FileInfo> info(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return inner_.info(path);
  }

  Status remove(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return inner_.remove(path);
  }

  Status make_folders(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return inner_.make_folders(path);
  }

  Status rename(const std::string& from, const std::string& to) override {
    ALUDEL_TRY(step(from));
    return inner_.rename(from, to);
  }

  Result<io::MappedFile> map(const std::string& path) override {
    ALUDEL_TRY(step(path));
    return inner_.map(path);
  }

 private:
  class Reader final : public io::ByteReader {
   public:
    Reader(FaultyFileSystem& files, std::unique_ptr<io::ByteReader> inner, std::string path)
        : files_(files), inner_(std::move(inner)), path_(std::move(path)) {}

    Result<std::size_t> read(std::span<char> out) override {
      ALUDEL_TRY(files_.step(path_));
      return inner_->read(out);
    }

   private:
    FaultyFileSystem& files_;
    std::unique_ptr<io::ByteReader> inner_;
    std::string path_;
  };

  class Writer final : public io::ByteWriter {
   public:
    Writer(FaultyFileSystem& files, std::unique_ptr<io::ByteWriter> inner, std::string path)
        : files_(files), inner_(std::move(inner)), path_(std::move(path)) {}

    Status write(std::string_view bytes) override {
      auto status = files_.step(path_);
      if (status) return inner_->write(bytes);
      // A disk that gets full has taken a part.
      ALUDEL_TRY(inner_->write(bytes.substr(0, bytes.size() / 2)));
      return status;
    }

    Status commit() override {
      ALUDEL_TRY(files_.step(path_));
      return inner_->commit();
    }

   private:
    FaultyFileSystem& files_;
    std::unique_ptr<io::ByteWriter> inner_;
    std::string path_;
  };

  Status step(const std::string& path) {
    ++operations_;
    const bool fails = operations_ == fail_at_ || (stays_broken_ && operations_ > fail_at_);
    if (fail_at_ == 0 || !fails) return Ok{};
    return Error{code_, path + ": broken for a test"};
  }

  io::FileSystem& inner_;
  std::string refused_;
  std::uint64_t fail_at_ = 0;
  std::uint64_t operations_ = 0;
  Code code_ = Code::io_error;
  bool stays_broken_ = false;
};

}  // namespace aludel
