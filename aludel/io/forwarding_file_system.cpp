#include "aludel/io/forwarding_file_system.h"

#include <fmt/format.h>

namespace aludel::io {

Result<std::unique_ptr<ByteReader>> ForwardingFileSystem::open(const std::string& path,
                                                               std::uint64_t offset) {
  return behind(path).open(path, offset);
}

Result<std::unique_ptr<ByteWriter>> ForwardingFileSystem::create(const std::string& path) {
  return behind(path).create(path);
}

Result<std::unique_ptr<ByteWriter>> ForwardingFileSystem::create_scratch(const std::string& path) {
  return behind(path).create_scratch(path);
}

Result<std::unique_ptr<ByteWriter>> ForwardingFileSystem::append(const std::string& path) {
  return behind(path).append(path);
}

Result<std::vector<FileInfo>> ForwardingFileSystem::list(const std::string& path) {
  return behind(path).list(path);
}

Result<FileInfo> ForwardingFileSystem::info(const std::string& path) {
  return behind(path).info(path);
}

Status ForwardingFileSystem::remove(const std::string& path) {
  return behind(path).remove(path);
}

Status ForwardingFileSystem::make_folders(const std::string& path) {
  return behind(path).make_folders(path);
}

Status ForwardingFileSystem::rename(const std::string& from, const std::string& to) {
  FileSystem& place = behind(from);
  if (&place != &behind(to)) {
    return Error{Code::unsupported, fmt::format("{}: cannot be renamed to another place, {}",
                                                file_name_of(from), file_name_of(to))};
  }
  return place.rename(from, to);
}

Result<MappedFile> ForwardingFileSystem::map(const std::string& path) {
  return behind(path).map(path);
}

}  // namespace aludel::io
