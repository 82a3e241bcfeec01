#pragma once

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "aludel/io/file_system.h"

namespace aludel {

enum class FileOperation : std::uint8_t {
  open,
  read,
  create,
  write,
  commit,
  append,
  list,
  info,
  remove,
  make_folders,
  rename,
  map
};

/// A file system whose n-th operation fails, as a disk does that is full or breaks, or kills the
/// process. Count the operations of a run with `fail_at` 0, then run once for each n that
/// `spread` names and expect the old file or nothing. Concurrent calls: yes.
class FaultyFileSystem final : public io::FileSystem {
 public:
  explicit FaultyFileSystem(io::FileSystem& inner) : inner_(inner) {}

  /// From now on the n-th operation (from 1) fails with `code`, and so do those after it if
  /// `stays_broken`; 0: none does. Starts the count again.
  void fail_at(std::uint64_t n, Code code = Code::io_error, bool stays_broken = false) {
    strike_at_ = n;
    code_ = code;
    stays_broken_ = stays_broken;
    kills_ = false;
    operations_ = 0;
    numbers_.clear();
  }

  /// From now on the n-th operation (from 1) ends the process as `kill -9` does.
  void kill_at(std::uint64_t n) {
    fail_at(n);
    kills_ = true;
  }

  /// Paths with this ending cannot be opened.
  void refuse(std::string ending) { refused_ = std::move(ending); }

  /// Operations since fail_at().
  std::uint64_t operations() const { return operations_; }

  /// True once an operation has failed since fail_at().
  bool has_struck() const { return strike_at_ > 0 && operations_ >= strike_at_; }

  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  /// The numbers of operations since fail_at(), ascending: of each kind the first, the last and
  /// others evenly between them, `most` in all (from 2). With kAll it is every operation.
  std::vector<std::uint64_t> spread(std::size_t most) const {
    std::vector<std::uint64_t> chosen;
    for (const auto& [kind, numbers] : numbers_) {
      const std::size_t count = std::min(most, numbers.size());
      for (std::size_t i = 0; i < count; ++i) {
        chosen.push_back(numbers[i * (numbers.size() - 1) / std::max<std::size_t>(count - 1, 1)]);
      }
    }
    std::ranges::sort(chosen);
    return chosen;
  }

  using FileSystem::open;

  Result<std::unique_ptr<io::ByteReader>> open(const std::string& path,
                                               std::uint64_t offset) override {
    ALUDEL_TRY(step(FileOperation::open, path));
    if (!refused_.empty() && path.ends_with(refused_)) {
      return Error{Code::io_error, path + ": broken for a test"};
    }
    auto reader = ALUDEL_TRY(inner_.open(path, offset));
    return std::unique_ptr<io::ByteReader>(
        std::make_unique<Reader>(*this, std::move(reader), path));
  }

  Result<std::unique_ptr<io::ByteWriter>> create(const std::string& path) override {
    ALUDEL_TRY(step(FileOperation::create, path));
    auto writer = ALUDEL_TRY(inner_.create(path));
    return std::unique_ptr<io::ByteWriter>(
        std::make_unique<Writer>(*this, std::move(writer), path));
  }

  Result<std::unique_ptr<io::ByteWriter>> create_scratch(const std::string& path) override {
    ALUDEL_TRY(step(FileOperation::create, path));
    auto writer = ALUDEL_TRY(inner_.create_scratch(path));
    return std::unique_ptr<io::ByteWriter>(
        std::make_unique<Writer>(*this, std::move(writer), path));
  }

  Result<std::unique_ptr<io::ByteWriter>> append(const std::string& path) override {
    ALUDEL_TRY(step(FileOperation::append, path));
    auto writer = ALUDEL_TRY(inner_.append(path));
    return std::unique_ptr<io::ByteWriter>(
        std::make_unique<Writer>(*this, std::move(writer), path));
  }

  Result<std::vector<io::FileInfo>> list(const std::string& path) override {
    ALUDEL_TRY(step(FileOperation::list, path));
    return inner_.list(path);
  }

  Result<io::FileInfo> info(const std::string& path) override {
    ALUDEL_TRY(step(FileOperation::info, path));
    return inner_.info(path);
  }

  Status remove(const std::string& path) override {
    ALUDEL_TRY(step(FileOperation::remove, path));
    return inner_.remove(path);
  }

  Status make_folders(const std::string& path) override {
    ALUDEL_TRY(step(FileOperation::make_folders, path));
    return inner_.make_folders(path);
  }

  Status rename(const std::string& from, const std::string& to) override {
    ALUDEL_TRY(step(FileOperation::rename, from));
    return inner_.rename(from, to);
  }

  Result<io::MappedFile> map(const std::string& path) override {
    ALUDEL_TRY(step(FileOperation::map, path));
    return inner_.map(path);
  }

 private:
  class Reader final : public io::ByteReader {
   public:
    Reader(FaultyFileSystem& files, std::unique_ptr<io::ByteReader> inner, std::string path)
        : files_(files), inner_(std::move(inner)), path_(std::move(path)) {}

    Result<std::size_t> read(std::span<char> out) override {
      ALUDEL_TRY(files_.step(FileOperation::read, path_));
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
      if (!files_.strikes(FileOperation::write)) return inner_->write(bytes);
      // A disk that gets full has taken a part.
      ALUDEL_TRY(inner_->write(bytes.substr(0, bytes.size() / 2)));
      return files_.broken(path_);
    }

    Status commit() override {
      ALUDEL_TRY(files_.step(FileOperation::commit, path_));
      return inner_->commit();
    }

   private:
    FaultyFileSystem& files_;
    std::unique_ptr<io::ByteWriter> inner_;
    std::string path_;
  };

  Status step(FileOperation kind, const std::string& path) {
    return strikes(kind) ? Status(broken(path)) : Status(Ok{});
  }

  /// Counts an operation, and says whether it is to break.
  bool strikes(FileOperation kind) {
    const std::lock_guard lock(mutex_);
    numbers_[kind].push_back(++operations_);
    if (strike_at_ == 0) return false;
    return operations_ == strike_at_ || (stays_broken_ && operations_ > strike_at_);
  }

  Error broken(const std::string& path) const {
    if (kills_) ::kill(::getpid(), SIGKILL);
    return Error{code_, path + ": broken for a test"};
  }

  io::FileSystem& inner_;
  std::string refused_;
  std::uint64_t strike_at_ = 0;
  Code code_ = Code::io_error;
  bool stays_broken_ = false;
  bool kills_ = false;
  std::mutex mutex_;
  std::uint64_t operations_ = 0;
  std::map<FileOperation, std::vector<std::uint64_t>> numbers_;  // of the operations of each kind
};

}  // namespace aludel
