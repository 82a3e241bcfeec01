#include "aludel/io/file_system.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>

namespace aludel::io {

MappedFile::MappedFile(std::string bytes)
    : owned_(std::make_unique<const std::string>(std::move(bytes))) {
  bytes_ = *owned_;
}

MappedFile::MappedFile(const char* mapping, std::size_t size_bytes) : bytes_(mapping, size_bytes) {}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})), owned_(std::move(other.owned_)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(owned_, other.owned_);
  return *this;
}

MappedFile::~MappedFile() {
  if (owned_ == nullptr && !bytes_.empty()) {
    ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
  }
}

Result<std::size_t> read_full(ByteReader& reader, std::span<char> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const std::size_t count = ALUDEL_TRY(reader.read(out.subspan(filled)));
    if (count == 0) break;
    filled += count;
  }
  return filled;
}

Result<std::string> read_all(ByteReader& reader, std::uint64_t limit_bytes) {
  std::string bytes;
  for (std::size_t size = 0;;) {
    if (size == bytes.size()) {
      bytes.resize(size + std::clamp(size, std::size_t{64} << 10, std::size_t{16} << 20));
    }
    const std::size_t count = ALUDEL_TRY(reader.read({bytes.data() + size, bytes.size() - size}));
    size += count;
    if (size > limit_bytes) {
      return Error{Code::resource_exhausted, fmt::format("larger than {} bytes", limit_bytes)};
    }
    if (count == 0) {
      bytes.resize(size);
      return bytes;
    }
  }
}

Result<std::string> read_file(FileSystem& files, const std::string& path,
                              std::uint64_t limit_bytes) {
  auto reader = ALUDEL_TRY(files.open(path));
  auto bytes = read_all(*reader, limit_bytes);
  if (!bytes && bytes.error().code == Code::resource_exhausted) {
    return std::move(bytes).error().with_context(file_name_of(path));
  }
  return bytes;
}

Status write_file(FileSystem& files, const std::string& path, std::string_view bytes) {
  auto writer = ALUDEL_TRY(files.create(path));
  ALUDEL_TRY(writer->write(bytes));
  return writer->commit();
}

bool is_web_address(std::string_view path) {
  return path.starts_with("http://") || path.starts_with("https://");
}

bool is_remote(std::string_view path) {
  return is_web_address(path) || path.starts_with("s3://");
}

std::string_view file_name_of(std::string_view path) {
  return is_web_address(path) ? path.substr(0, path.find_first_of("?#")) : path;
}

std::string join_path(std::string_view folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  return fmt::format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", name);
}

std::string without_end_slashes(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return std::string(path);
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

}  // namespace aludel::io
