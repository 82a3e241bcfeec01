#include "aludel/io/scheme_file_system.h"

#include <utility>

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

FileSystem& SchemeFileSystem::behind(const std::string& path) {
  if (path.starts_with("s3://")) return places_->s3;
  if (is_web_address(path)) return places_->web;
  return places_->local;
}

}  // namespace aludel::io
