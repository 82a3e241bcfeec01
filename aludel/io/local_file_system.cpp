#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aludel/io/file_system.h"
#include "aludel/io/glob.h"
#include "aludel/io/no_files.h"

namespace aludel::io {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPartialSuffix = ".aludel-partial";

/// The error of a system call on `path`, with the remedy where one is known.
Error system_error(std::string_view action, std::string_view path, int number) {
  Code code = Code::io_error;
  std::string_view remedy;
  if (number == ENOENT || number == ENOTDIR) {
    code = Code::not_found;
    remedy = "; check the path";
  } else if (number == ENOSPC || number == EDQUOT) {
    code = Code::resource_exhausted;
    remedy = "; free some space or choose another folder";
  } else if (number == EFBIG) {
    code = Code::resource_exhausted;
    remedy = "; raise the limit of a file's size (ulimit -f)";
  } else if (number == EACCES || number == EPERM || number == EROFS) {
    remedy = "; check the permissions";
  } else if (number == EMFILE || number == ENFILE) {
    code = Code::resource_exhausted;
    remedy = "; raise the limit of open files (ulimit -n)";
  }
  return Error{code, fmt::format("{}: cannot {}: {}{}", path, action,
                                 std::generic_category().message(number), remedy)};
}

/// An open file that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}

  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int get() const { return number_; }

  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

int open_retrying(const std::string& path, int flags) {
  while (true) {
    const int number = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
    if (number >= 0 || errno != EINTR) return number;
  }
}

Status sync_folder(const std::string& folder) {
  const Descriptor descriptor(open_retrying(folder, O_RDONLY | O_DIRECTORY));
  if (!descriptor.is_open()) return system_error("open the folder", folder, errno);
  // Some file systems cannot sync a folder; on them the rename itself is durable.
  if (::fsync(descriptor.get()) != 0 && errno != EINVAL && errno != ENOTSUP) {
    return system_error("sync the folder", folder, errno);
  }
  return Ok{};
}

class LocalReader final : public ByteReader {
 public:
  LocalReader(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<std::size_t> read(std::span<char> out) override {
    while (true) {
      const ssize_t count = ::read(descriptor_.get(), out.data(), out.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) return system_error("read", path_, errno);
    }
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

Status write_to(const Descriptor& descriptor, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor.get(), bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return system_error("write", path, errno);
    bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
  }
  return Ok{};
}

Status sync(const Descriptor& descriptor, const std::string& path) {
  if (::fsync(descriptor.get()) != 0 && errno != EINVAL && errno != ENOTSUP) {
    return system_error("sync", path, errno);
  }
  return Ok{};
}

Error other_writer(const std::string& path) {
  return {Code::io_error,
          fmt::format("{}: another writer is at work on this file; wait for it or choose "
                      "another path",
                      path)};
}

enum class Durability : std::uint8_t { synced, scratch };

class LocalWriter final : public ByteWriter {
 public:
  LocalWriter(Descriptor descriptor, std::string path, std::string partial, Durability durability)
      : descriptor_(std::move(descriptor)),
        path_(std::move(path)),
        partial_(std::move(partial)),
        durability_(durability) {}

  ~LocalWriter() override {
    if (!committed_) ::unlink(partial_.c_str());
  }

  Status write(std::string_view bytes) override { return write_to(descriptor_, path_, bytes); }

  Status commit() override {
    if (durability_ == Durability::synced) ALUDEL_TRY(sync(descriptor_, path_));
    if (::rename(partial_.c_str(), path_.c_str()) != 0) {
      return system_error("rename the finished file", path_, errno);
    }
    committed_ = true;
    return durability_ == Durability::synced ? sync_folder(folder_of(path_)) : Status(Ok{});
  }

 private:
  Descriptor descriptor_;
  std::string path_;
  std::string partial_;
  Durability durability_;
  bool committed_ = false;
};

class LocalAppender final : public ByteWriter {
 public:
  LocalAppender(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Status write(std::string_view bytes) override { return write_to(descriptor_, path_, bytes); }

  Status commit() override { return sync(descriptor_, path_); }

 private:
  Descriptor descriptor_;
  std::string path_;
};

/// Opens and locks the partial file. A writer that finished in between renamed it away: then the
/// lock is on another file than the one at the path, and the next round makes a new one.
Result<Descriptor> lock_partial(const std::string& path, const std::string& partial) {
  while (true) {
    Descriptor descriptor(open_retrying(partial, O_WRONLY | O_CREAT));
    if (!descriptor.is_open()) return system_error("create", path, errno);
    if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      return other_writer(path);
    }
    struct stat locked = {};
    struct stat named = {};
    if (::fstat(descriptor.get(), &locked) == 0 && ::stat(partial.c_str(), &named) == 0 &&
        locked.st_ino == named.st_ino && locked.st_dev == named.st_dev) {
      if (::ftruncate(descriptor.get(), 0) != 0) return system_error("create", path, errno);
      return descriptor;
    }
  }
}

Result<FileInfo> info_of(const fs::path& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return system_error("read", path.string(), errno);
  if (!S_ISREG(status.st_mode)) {
    return Error{Code::io_error, path.string() + ": not a regular file"};
  }
  return FileInfo{path.string(), static_cast<std::uint64_t>(status.st_size),
                  fmt::format("{}.{:09}", status.st_mtim.tv_sec, status.st_mtim.tv_nsec)};
}

}  // namespace

Result<std::unique_ptr<ByteReader>> LocalFileSystem::open(const std::string& path,
                                                          std::uint64_t offset) {
  Descriptor descriptor(open_retrying(path, O_RDONLY));
  if (!descriptor.is_open()) return system_error("open", path, errno);
  struct stat status = {};
  if (::fstat(descriptor.get(), &status) != 0) return system_error("open", path, errno);
  if (S_ISDIR(status.st_mode)) {
    return Error{Code::io_error, path + ": is a folder, a file was expected"};
  }
  if (offset > 0 && ::lseek(descriptor.get(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    return system_error(fmt::format("seek to byte {}", offset), path, errno);
  }
  return std::unique_ptr<ByteReader>(std::make_unique<LocalReader>(std::move(descriptor), path));
}

namespace {

Result<std::unique_ptr<ByteWriter>> create_file(const std::string& path, Durability durability) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    return Error{Code::io_error, path + ": is a folder, a file name was expected"};
  }
  std::string partial = path + std::string(kPartialSuffix);
  Descriptor descriptor = ALUDEL_TRY(lock_partial(path, partial));
  return std::unique_ptr<ByteWriter>(
      std::make_unique<LocalWriter>(std::move(descriptor), path, std::move(partial), durability));
}

}  // namespace

Result<std::unique_ptr<ByteWriter>> LocalFileSystem::create(const std::string& path) {
  return create_file(path, Durability::synced);
}

Result<std::unique_ptr<ByteWriter>> LocalFileSystem::create_scratch(const std::string& path) {
  return create_file(path, Durability::scratch);
}

Result<std::unique_ptr<ByteWriter>> LocalFileSystem::append(const std::string& path) {
  Descriptor descriptor(open_retrying(path, O_WRONLY | O_CREAT | O_APPEND));
  if (!descriptor.is_open()) return system_error("create", path, errno);
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return other_writer(path);
  }
  ALUDEL_TRY(sync_folder(folder_of(path)));
  return std::unique_ptr<ByteWriter>(std::make_unique<LocalAppender>(std::move(descriptor), path));
}

namespace {

/// Calls visit(entry) for everything at and below the folder but folders that are no links.
template <class Visit>
Status for_each_entry(const std::string& path, const Visit& visit) {
  std::error_code error;
  fs::recursive_directory_iterator entry(path, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) continue;
    ALUDEL_TRY(visit(*entry));
  }
  if (error) return system_error("list", path, error.value());
  return Ok{};
}

/// What the entry is where it is no file; empty for a file.
std::string_view no_file_at(const fs::directory_entry& entry) {
  std::error_code ignored;
  if (entry.is_regular_file(ignored)) {
    return entry.path().native().ends_with(kPartialSuffix) ? "unfinished_file" : "";
  }
  if (!entry.is_symlink(ignored)) return "special_file";
  if (entry.is_directory(ignored)) return "folder_link";
  return entry.exists(ignored) ? "special_file" : "dangling_link";
}

}  // namespace

Result<std::vector<FileInfo>> LocalFileSystem::list(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return std::vector<FileInfo>{ALUDEL_TRY(info_of(path))};
  std::vector<FileInfo> files;
  ALUDEL_TRY(for_each_entry(path, [&](const fs::directory_entry& entry) -> Status {
    if (no_file_at(entry).empty()) files.push_back(ALUDEL_TRY(info_of(entry.path())));
    return Ok{};
  }));
  std::ranges::sort(files, {}, &FileInfo::path);
  return files;
}

Result<std::vector<NoFile>> find_no_files(const std::string& path) {
  std::error_code error;
  std::vector<NoFile> found;
  if (path.find("://") != std::string::npos) return found;
  const bool is_pattern = has_wildcard(path) && !fs::exists(path, error);
  const std::string folder = is_pattern ? folder_before_wildcard(path) : path;
  if (!fs::is_directory(folder, error)) return found;
  ALUDEL_TRY(for_each_entry(folder, [&](const fs::directory_entry& entry) -> Status {
    const std::string_view what = no_file_at(entry);
    if (what.empty()) return Ok{};
    std::string name = entry.path().string();
    const bool is_here = folder == "." && !path.starts_with("./");
    if (is_here && name.starts_with("./")) name.erase(0, 2);
    if (!is_pattern || matches_glob(path, name)) found.push_back({std::move(name), what});
    return Ok{};
  }));
  std::ranges::sort(found, {}, &NoFile::path);
  return found;
}

Result<FileInfo> LocalFileSystem::info(const std::string& path) {
  return info_of(path);
}

Status LocalFileSystem::remove(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return system_error("remove", path, error.value());
  return Ok{};
}

Status LocalFileSystem::make_folders(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return system_error("make the folder", path, error.value());
  if (!fs::is_directory(path, error)) {
    return Error{Code::io_error, path + ": is a file, a folder was expected"};
  }
  return Ok{};
}

Status LocalFileSystem::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return system_error(fmt::format("rename to {}", to), from, errno);
  }
  const std::string target = folder_of(to);
  if (const std::string source = folder_of(from); source != target) {
    ALUDEL_TRY(sync_folder(source));
  }
  return sync_folder(target);
}

Result<MappedFile> LocalFileSystem::map(const std::string& path) {
  const Descriptor descriptor(open_retrying(path, O_RDONLY));
  if (!descriptor.is_open()) return system_error("open", path, errno);
  struct stat status = {};
  if (::fstat(descriptor.get(), &status) != 0) return system_error("open", path, errno);
  if (!S_ISREG(status.st_mode)) return Error{Code::io_error, path + ": not a regular file"};
  if (status.st_size == 0) return MappedFile(std::string());
  const auto size = static_cast<std::size_t>(status.st_size);
  void* mapping = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.get(), 0);
  if (mapping == MAP_FAILED) return system_error("map", path, errno);
  return MappedFile(static_cast<const char*>(mapping), size);
}

}  // namespace aludel::io
