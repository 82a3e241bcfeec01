#include "aludel/io/keeping_file_system.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace aludel::io {
namespace {

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

Result<std::unique_ptr<ByteWriter>> KeepingFileSystem::create(const std::string& path) {
  if (existing_ == Existing::replace) return files_.create(path);
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

Result<OutputClaim> OutputClaim::take(FileSystem& files, const std::string& path) {
  ALUDEL_TRY(files.make_folders(folder_of(path)));
  const std::string lock = path + ".claim";
  auto writer = files.create(lock);
  if (writer) return OutputClaim(std::move(writer).value());
  Error error = std::move(writer).error();  // names the output: nobody knows of its lock
  if (error.message.starts_with(lock)) error.message.replace(0, lock.size(), path);
  return error;
}

}  // namespace aludel::io
