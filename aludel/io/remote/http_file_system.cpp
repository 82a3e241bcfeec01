#include "aludel/io/remote/http_file_system.h"

#include <optional>

#include <fmt/format.h>

#include "aludel/io/remote/range_reader.h"

namespace aludel::io {
namespace {

constexpr std::uint64_t kMaxWholeBytes = std::uint64_t{256} << 20;
constexpr int kOk = 200;
constexpr int kPartialContent = 206;

/// The size of the whole file, from Content-Range or Content-Length.
std::optional<std::uint64_t> whole_size(const HttpReply& reply) {
  if (reply.status != kPartialContent) return parse_length(reply.headers.get("content-length"));
  const std::string_view range = reply.headers.get("content-range");  // bytes 0-0/1234
  const std::size_t slash = range.find('/');
  return slash == std::string_view::npos ? std::nullopt : parse_length(range.substr(slash + 1));
}

/// Where in the file a reply's body begins, if it says so.
std::optional<std::uint64_t> range_begin(const HttpReply& reply) {
  constexpr std::string_view kUnit = "bytes ";
  if (reply.status != kPartialContent) return 0;
  const std::string_view range = reply.headers.get("content-range");
  if (!range.starts_with(kUnit)) return std::nullopt;
  return parse_length(range.substr(kUnit.size(), range.find('-') - kUnit.size()));
}

Error read_only(std::string_view path) {
  return {Code::unsupported,
          fmt::format("{}: web addresses are only read; write to a folder or to s3://",
                      without_query(path))};
}

}  // namespace

Error http_error(std::string_view path, int status) {
  const Code code = status == 404 || status == 410 ? Code::not_found : Code::io_error;
  return {code, fmt::format("{}: the server answered {}", without_query(path), status)};
}

Result<FileInfo> HttpFileSystem::info(const std::string& path) {
  HttpReply reply = ALUDEL_TRY(client_.send({.method = "HEAD", .url = path}));
  if (reply.status != kOk || !whole_size(reply)) {  // some servers know no HEAD
    reply = ALUDEL_TRY(client_.send(
        {.url = path, .headers = {{"Range", "bytes=0-0"}}, .max_reply_bytes = kMaxWholeBytes}));
  }
  if (reply.status != kOk && reply.status != kPartialContent) {
    return http_error(path, reply.status);
  }
  const auto size = whole_size(reply);
  if (!size && reply.status == kPartialContent) {
    return Error{Code::io_error, without_query(path) + ": the server does not say how large it is"};
  }
  std::string version(reply.headers.get("etag"));
  if (version.empty()) version = reply.headers.get("last-modified");
  return FileInfo{path, size.value_or(reply.body.size()), std::move(version)};
}

Result<std::vector<FileInfo>> HttpFileSystem::list(const std::string& path) {
  return std::vector<FileInfo>{ALUDEL_TRY(info(path))};
}

Result<std::string> HttpFileSystem::fetch(const FileInfo& file, std::uint64_t begin,
                                          std::uint64_t end) {
  HttpReply reply =
      ALUDEL_TRY(client_.send({.url = file.path,
                               .headers = {{"Range", fmt::format("bytes={}-{}", begin, end - 1)}},
                               .max_reply_bytes = kMaxWholeBytes}));
  if (reply.status != kOk && reply.status != kPartialContent) {
    return http_error(file.path, reply.status);
  }
  const std::string_view etag = reply.headers.get("etag");
  const bool is_other = !etag.empty() && !file.version.empty() && etag != file.version;
  const auto size = whole_size(reply);
  if (is_other || (size && *size != file.size_bytes)) {
    return Error{Code::io_error, without_query(file.path) + ": changed while it was read"};
  }
  const auto came_from = range_begin(reply);  // 0 where there are no ranges: the whole file came
  if (!came_from || *came_from > begin) {
    return Error{Code::io_error, without_query(file.path) + ": the server sent another range"};
  }
  reply.body.erase(0, begin - *came_from);
  return std::move(reply.body);
}

Result<std::unique_ptr<ByteReader>> HttpFileSystem::open(const std::string& path,
                                                         std::uint64_t offset) {
  FileInfo file = ALUDEL_TRY(info(path));
  const std::uint64_t size_bytes = file.size_bytes;
  FetchRange fetch_range = [this, file = std::move(file)](std::uint64_t begin, std::uint64_t end) {
    return fetch(file, begin, end);
  };
  return std::unique_ptr<ByteReader>(
      std::make_unique<RangeReader>(without_query(path), std::move(fetch_range), offset, size_bytes,
                                    client_.patience().file_seconds));
}

Result<MappedFile> HttpFileSystem::map(const std::string& path) {
  return MappedFile(ALUDEL_TRY(read_file(*this, path)));
}

Result<std::unique_ptr<ByteWriter>> HttpFileSystem::create(const std::string& path) {
  return read_only(path);
}

Result<std::unique_ptr<ByteWriter>> HttpFileSystem::create_scratch(const std::string& path) {
  return read_only(path);
}

Result<std::unique_ptr<ByteWriter>> HttpFileSystem::append(const std::string& path) {
  return read_only(path);
}

Status HttpFileSystem::remove(const std::string& path) {
  return read_only(path);
}

Status HttpFileSystem::make_folders(const std::string& path) {
  return read_only(path);
}

Status HttpFileSystem::rename(const std::string& from, const std::string& /*to*/) {
  return read_only(from);
}

}  // namespace aludel::io
