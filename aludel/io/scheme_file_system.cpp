#include "aludel/io/scheme_file_system.h"

#include <utility>

#include <fmt/format.h>

#include "aludel/io/remote/http_file_system.h"
#include "aludel/io/remote/s3_file_system.h"

namespace aludel::io {

struct SchemeFileSystem::Places {
  Places(S3Config config, const HttpPatience& patience)
      : client(patience), store(client, std::move(config)) {}

  HttpClient client;
  S3Client store;
  LocalFileSystem local;
  HttpFileSystem web{client};
  S3FileSystem s3{store};
};

SchemeFileSystem::SchemeFileSystem(S3Config s3, const HttpPatience& patience)
    : places_(std::make_unique<Places>(std::move(s3), patience)) {}

SchemeFileSystem::~SchemeFileSystem() = default;

FileSystem& SchemeFileSystem::place_of(const std::string& path) {
  if (path.starts_with("s3://")) return places_->s3;
  if (is_web_address(path)) return places_->web;
  return places_->local;
}

Result<std::unique_ptr<ByteReader>> SchemeFileSystem::open(const std::string& path,
                                                           std::uint64_t offset) {
  return place_of(path).open(path, offset);
}

Result<std::unique_ptr<ByteWriter>> SchemeFileSystem::create(const std::string& path) {
  return place_of(path).create(path);
}

Result<std::unique_ptr<ByteWriter>> SchemeFileSystem::create_scratch(const std::string& path) {
  return place_of(path).create_scratch(path);
}

Result<std::unique_ptr<ByteWriter>> SchemeFileSystem::append(const std::string& path) {
  return place_of(path).append(path);
}

Result<std::vector<FileInfo>> SchemeFileSystem::list(const std::string& path) {
  return place_of(path).list(path);
}

Result<FileInfo> SchemeFileSystem::info(const std::string& path) {
  return place_of(path).info(path);
}

Status SchemeFileSystem::remove(const std::string& path) {
  return place_of(path).remove(path);
}

Status SchemeFileSystem::make_folders(const std::string& path) {
  return place_of(path).make_folders(path);
}

Status SchemeFileSystem::rename(const std::string& from, const std::string& to) {
  FileSystem& place = place_of(from);
  if (&place != &place_of(to)) {
    return Error{Code::unsupported, fmt::format("{}: cannot be renamed to another place, {}",
                                                file_name_of(from), file_name_of(to))};
  }
  return place.rename(from, to);
}

Result<MappedFile> SchemeFileSystem::map(const std::string& path) {
  return place_of(path).map(path);
}

}  // namespace aludel::io
