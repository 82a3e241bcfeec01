#include "aludel/io/keeping_file_system.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "aludel/io/place.h"

namespace aludel::io {
namespace {

/// What the lock of an output is called, behind the output's name.
constexpr std::string_view kClaimSuffix = ".claim";

Error is_read_too(std::string_view path) {
  return {Code::invalid_argument,
          fmt::format("{}: is read by this command, which would replace it; give another path to "
                      "write to",
                      path)};
}

Error holds_something_else(const std::string& path) {
  return {Code::invalid_argument,
          fmt::format("{}: is finished, and this command would make something else of it; "
                      "--overwrite replaces it, another path keeps it",
                      path)};
}

/// Writes nothing: compares what it is given with the file that is there.
class ComparingWriter final : public ByteWriter {
 public:
  ComparingWriter(std::unique_ptr<ByteReader> there, std::string path)
      : there_(std::move(there)), path_(std::move(path)) {}

  Status write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const std::size_t size = std::min(bytes.size(), buffer_.size());
      if (ALUDEL_TRY(read_full(*there_, std::span(buffer_).first(size))) != size ||
          std::string_view(buffer_.data(), size) != bytes.substr(0, size)) {
        return holds_something_else(path_);
      }
      bytes.remove_prefix(size);
    }
    return Ok{};
  }

  Status commit() override {
    if (ALUDEL_TRY(there_->read(std::span(buffer_).first(1))) == 0) return Ok{};
    return holds_something_else(path_);
  }

 private:
  static constexpr std::size_t kBufferBytes = std::size_t{1} << 16;

  std::unique_ptr<ByteReader> there_;
  std::string path_;
  std::vector<char> buffer_ = std::vector<char>(kBufferBytes);
};

}  // namespace

/// Tells the file system of the commit: from then on the file is what the command made.
class KeepingFileSystem::NotedWriter final : public ByteWriter {
 public:
  NotedWriter(KeepingFileSystem& files, std::string place, std::unique_ptr<ByteWriter> file)
      : files_(files), place_(std::move(place)), file_(std::move(file)) {}

  Status write(std::string_view bytes) override { return file_->write(bytes); }

  Status commit() override {
    ALUDEL_TRY(file_->commit());
    files_.note_written(place_);
    return Ok{};
  }

 private:
  KeepingFileSystem& files_;
  std::string place_;
  std::unique_ptr<ByteWriter> file_;
};

Status KeepingFileSystem::note_read(const std::string& path) {
  if (existing_ == Existing::keep) return Ok{};
  const std::string place = place_of(path);
  const std::lock_guard lock(mutex_);
  if (uses_.try_emplace(place, Use::read).first->second != Use::claimed) return Ok{};
  return is_read_too(file_name_of(path));
}

void KeepingFileSystem::note_written(const std::string& place) {
  const std::lock_guard lock(mutex_);
  uses_[place] = Use::written;
}

Result<std::unique_ptr<ByteReader>> KeepingFileSystem::open(const std::string& path,
                                                            std::uint64_t offset) {
  auto reader = files_.open(path, offset);
  if (reader) ALUDEL_TRY(note_read(path));
  return reader;
}

Result<MappedFile> KeepingFileSystem::map(const std::string& path) {
  auto file = files_.map(path);
  if (file) ALUDEL_TRY(note_read(path));
  return file;
}

Result<std::unique_ptr<ByteWriter>> KeepingFileSystem::create(const std::string& path) {
  if (existing_ == Existing::replace) {
    // The lock of an output speaks for it: what is read after it is known before the work is done.
    std::string output = path;
    if (output.ends_with(kClaimSuffix)) output.resize(output.size() - kClaimSuffix.size());
    std::string place = place_of(output);
    {
      const std::lock_guard lock(mutex_);
      Use& use = uses_.try_emplace(place, Use::claimed).first->second;
      if (use == Use::read) return is_read_too(output);
      use = Use::claimed;
    }
    return std::unique_ptr<ByteWriter>(
        std::make_unique<NotedWriter>(*this, std::move(place), ALUDEL_TRY(files_.create(path))));
  }
  auto there = files_.info(path);
  if (!there) {
    if (there.error().code != Code::not_found) return std::move(there).error();
    return files_.create(path);
  }
  return std::unique_ptr<ByteWriter>(
      std::make_unique<ComparingWriter>(ALUDEL_TRY(files_.open(path, 0)), path));
}

FileSystem& KeepingFileSystem::behind(const std::string&) {
  return files_;
}

namespace {

/// Folders, the inmost first. Those that are empty at its end are removed.
struct MadeFolders {
  MadeFolders() = default;
  MadeFolders(MadeFolders&&) = default;
  MadeFolders& operator=(MadeFolders&&) = delete;

  ~MadeFolders() {
    std::error_code ignored;  // a folder with something in it is not removed
    for (const std::string& path : paths)
      std::filesystem::remove(path, ignored);
  }

  std::vector<std::string> paths;
};

/// The unfinished file of a claim. Folders that were made for it go with it where they are empty:
/// the work failed before it wrote anything.
class ClaimWriter final : public ByteWriter {
 public:
  ClaimWriter(MadeFolders made, std::unique_ptr<ByteWriter> file)
      : made_(std::move(made)), file_(std::move(file)) {}

  Status write(std::string_view bytes) override { return file_->write(bytes); }

  Status commit() override { return file_->commit(); }

 private:
  MadeFolders made_;  // goes behind the file
  std::unique_ptr<ByteWriter> file_;
};

/// The folders of `path` that are not there yet.
MadeFolders missing_folders(const std::string& path) {
  MadeFolders missing;
  std::error_code ignored;
  for (std::filesystem::path folder = folder_of(path);
       !folder.empty() && !std::filesystem::exists(folder, ignored);
       folder = folder.parent_path()) {
    missing.paths.push_back(folder);
  }
  return missing;
}

}  // namespace

Result<OutputClaim> OutputClaim::take(FileSystem& files, const std::string& path) {
  MadeFolders made = missing_folders(path);
  ALUDEL_TRY(files.make_folders(folder_of(path)));
  const std::string lock = path + std::string(kClaimSuffix);
  auto writer = files.create(lock);
  if (writer) {
    return OutputClaim(std::make_unique<ClaimWriter>(std::move(made), std::move(writer).value()));
  }
  Error error = std::move(writer).error();  // names the output: nobody knows of its lock
  if (error.message.starts_with(lock)) error.message.replace(0, lock.size(), path);
  return error;
}

}  // namespace aludel::io
