#include "aludel/io/remote/s3_file_system.h"

#include <utility>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/io/remote/range_reader.h"

namespace aludel::io {
namespace {

constexpr std::size_t kPartBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxParts = 10'000;

Result<S3Path> parse_file_path(std::string_view path) {
  S3Path parsed = ALUDEL_TRY(parse_s3_path(path));
  if (parsed.key.empty()) {
    return Error{Code::invalid_argument, fmt::format("{}: a bucket is no file", path)};
  }
  return parsed;
}

/// The key of a folder with a slash at its end; empty for the bucket.
std::string folder_key(std::string key) {
  if (!key.empty() && !key.ends_with('/')) key += '/';
  return key;
}

/// Sends parts as they fill; a file that fits into one is a single PUT.
class UploadWriter final : public ByteWriter {
 public:
  UploadWriter(S3Client& client, S3Path path) : client_(client), path_(std::move(path)) {}

  ~UploadWriter() override {
    if (upload_.empty()) return;
    const Status given_up = client_.abort_upload(path_, upload_);
    (void)given_up;  // the store's own rules remove what is left
  }

  UploadWriter(const UploadWriter&) = delete;
  UploadWriter& operator=(const UploadWriter&) = delete;

  Status write(std::string_view bytes) override {
    ALUDEL_CHECK(!is_committed_, "nothing is written behind a commit");
    while (!bytes.empty()) {
      const std::size_t room = kPartBytes - part_.size();
      part_.append(bytes.substr(0, room));
      bytes.remove_prefix(std::min(room, bytes.size()));
      if (part_.size() == kPartBytes) ALUDEL_TRY(send_part());
    }
    return Ok{};
  }

  Status commit() override {
    if (is_committed_) return Ok{};
    if (upload_.empty()) {
      ALUDEL_TRY(client_.put(path_, part_));
    } else {
      if (!part_.empty()) ALUDEL_TRY(send_part());
      ALUDEL_TRY(complete());
    }
    upload_.clear();
    is_committed_ = true;
    return Ok{};
  }

 private:
  Status send_part() {
    if (etags_.size() == kMaxParts) {
      return Error{Code::resource_exhausted,
                   fmt::format("s3://{}/{}: larger than {} parts of 16 MiB; ask for smaller shards",
                               path_.bucket, path_.key, kMaxParts)};
    }
    if (upload_.empty()) upload_ = ALUDEL_TRY(client_.start_upload(path_));
    const int number = static_cast<int>(etags_.size()) + 1;
    etags_.push_back(ALUDEL_TRY(client_.upload_part(path_, upload_, number, part_)));
    sent_bytes_ += part_.size();
    part_.clear();
    return Ok{};
  }

  /// A reply that was lost makes the second attempt say that there is no such upload: then the
  /// first one ended it, if the object has the parts and the size that were sent.
  Status complete() {
    auto completed = client_.complete_upload(path_, upload_, etags_);
    if (completed || completed.error().code != Code::not_found) return completed;
    const auto object = client_.head(path_);
    const std::string parts = fmt::format("-{}\"", etags_.size());
    const bool is_ours =
        object && object.value().etag.ends_with(parts) && object.value().size_bytes == sent_bytes_;
    return is_ours ? Status(Ok{}) : completed;
  }

  S3Client& client_;
  S3Path path_;
  std::string part_;
  std::string upload_;  // empty until the first part is full
  std::vector<std::string> etags_;
  std::uint64_t sent_bytes_ = 0;  // in parts
  bool is_committed_ = false;
};

/// The whole file, written anew at each commit.
class RewriteWriter final : public ByteWriter {
 public:
  RewriteWriter(S3Client& client, S3Path path, std::string bytes)
      : client_(client), path_(std::move(path)), bytes_(std::move(bytes)) {}

  Status write(std::string_view bytes) override {
    bytes_ += bytes;
    return Ok{};
  }

  Status commit() override { return client_.put(path_, bytes_); }

 private:
  S3Client& client_;
  S3Path path_;
  std::string bytes_;
};

}  // namespace

Result<std::unique_ptr<ByteReader>> S3FileSystem::open(const std::string& path,
                                                       std::uint64_t offset) {
  S3Path parsed = ALUDEL_TRY(parse_file_path(path));
  const S3Object object = ALUDEL_TRY(client_.head(parsed));
  FetchRange fetch = [this, parsed = std::move(parsed), etag = object.etag](std::uint64_t begin,
                                                                            std::uint64_t end) {
    return client_.get(parsed, begin, end, etag);
  };
  return std::unique_ptr<ByteReader>(std::make_unique<RangeReader>(
      path, std::move(fetch), offset, object.size_bytes, client_.patience().file_seconds));
}

Result<std::unique_ptr<ByteWriter>> S3FileSystem::create(const std::string& path) {
  return std::unique_ptr<ByteWriter>(
      std::make_unique<UploadWriter>(client_, ALUDEL_TRY(parse_file_path(path))));
}

Result<std::unique_ptr<ByteWriter>> S3FileSystem::create_scratch(const std::string& path) {
  return create(path);
}

Result<std::unique_ptr<ByteWriter>> S3FileSystem::append(const std::string& path) {
  S3Path parsed = ALUDEL_TRY(parse_file_path(path));
  auto bytes = read_file(*this, path);
  if (!bytes && bytes.error().code != Code::not_found) return std::move(bytes).error();
  if (!bytes) ALUDEL_TRY(client_.put(parsed, ""));  // it is there from now on, as on a disk
  return std::unique_ptr<ByteWriter>(
      std::make_unique<RewriteWriter>(client_, std::move(parsed), std::move(bytes).value_or("")));
}

Result<std::vector<FileInfo>> S3FileSystem::list(const std::string& path) {
  const S3Path parsed = ALUDEL_TRY(parse_s3_path(path));
  std::vector<FileInfo> found;
  if (!parsed.key.empty() && !parsed.key.ends_with('/')) {
    auto file = info(path);
    if (file) {
      found.push_back(std::move(file).value());
    } else if (file.error().code != Code::not_found) {
      return std::move(file).error();
    }
  }
  for (S3Object& object : ALUDEL_TRY(client_.list(parsed.bucket, folder_key(parsed.key)))) {
    if (object.key.ends_with('/')) continue;  // how some tools mark a folder
    found.push_back({fmt::format("s3://{}/{}", parsed.bucket, object.key), object.size_bytes,
                     std::move(object.etag)});
  }
  return found;
}

Result<FileInfo> S3FileSystem::info(const std::string& path) {
  S3Object object = ALUDEL_TRY(client_.head(ALUDEL_TRY(parse_file_path(path))));
  return FileInfo{path, object.size_bytes, std::move(object.etag)};
}

Status S3FileSystem::remove(const std::string& path) {
  for (const FileInfo& file : ALUDEL_TRY(list(path))) {
    ALUDEL_TRY(client_.remove(ALUDEL_TRY(parse_s3_path(file.path))));
  }
  return Ok{};
}

Status S3FileSystem::make_folders(const std::string& path) {
  ALUDEL_TRY(parse_s3_path(path));
  return Ok{};
}

Status S3FileSystem::rename(const std::string& from, const std::string& to) {
  const S3Path source = ALUDEL_TRY(parse_file_path(from));
  ALUDEL_TRY(client_.copy(source, ALUDEL_TRY(parse_file_path(to))));
  return client_.remove(source);
}

Result<MappedFile> S3FileSystem::map(const std::string& path) {
  return MappedFile(ALUDEL_TRY(read_file(*this, path)));
}

}  // namespace aludel::io
