#include "aludel/io/formats/epub/zip.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include "aludel/base/check.h"
#include "aludel/base/little_endian.h"
#include "aludel/io/codec.h"

namespace aludel::io {
namespace {

constexpr std::size_t kEndBytes = 22;  // of the record that ends an archive, without its comment
constexpr std::size_t kMaxCommentBytes = 0xFFFF;
constexpr std::size_t kDirectoryBytes = 46;  // of a row of the directory, without its names
constexpr std::size_t kLocalBytes = 30;      // of the header before a file, likewise
constexpr std::uint32_t kSaidInZip64 = 0xFFFFFFFF;
constexpr std::uint16_t kEncrypted = 1;
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;

Error bad_zip(std::string_view what) {
  return {Code::corrupt_data, fmt::format("[zip] {}", what)};
}

/// Where the record that ends an archive begins; npos when there is none.
std::size_t find_end(std::string_view bytes) {
  if (bytes.size() < kEndBytes) return std::string_view::npos;
  const std::size_t last = bytes.size() - kEndBytes;
  const std::size_t first = last > kMaxCommentBytes ? last - kMaxCommentBytes : 0;
  const std::size_t found = bytes.rfind("PK\x05\x06", last);
  return found == std::string_view::npos || found < first ? std::string_view::npos : found;
}

}  // namespace

Result<ZipArchive> ZipArchive::open(std::string_view bytes) {
  ZipArchive archive(bytes);
  const std::size_t end = find_end(bytes);
  if (end == std::string_view::npos) return bad_zip("no archive, or a cut one: it has no end");
  const auto count = number_at<std::uint16_t>(bytes, end + 10);
  const auto directory = number_at<std::uint32_t>(bytes, end + 16);
  if (directory == kSaidInZip64) return Error{Code::unsupported, "[zip] a ZIP64 archive"};
  std::uint64_t at = directory;
  for (unsigned int i = 0; i < count; ++i) {
    if (at + kDirectoryBytes > end || bytes.substr(at, 4) != "PK\x01\x02") {
      return bad_zip("the directory is damaged");
    }
    ZipEntry entry;
    entry.flags = number_at<std::uint16_t>(bytes, at + 8);
    entry.method = number_at<std::uint16_t>(bytes, at + 10);
    entry.crc32 = number_at<std::uint32_t>(bytes, at + 16);
    entry.stored_bytes = number_at<std::uint32_t>(bytes, at + 20);
    entry.size_bytes = number_at<std::uint32_t>(bytes, at + 24);
    entry.header_offset = number_at<std::uint32_t>(bytes, at + 42);
    const std::size_t name_bytes = number_at<std::uint16_t>(bytes, at + 28);
    const std::size_t extra_bytes = number_at<std::uint16_t>(bytes, at + 30);
    const std::size_t comment_bytes = number_at<std::uint16_t>(bytes, at + 32);
    entry.name = bytes.substr(at + kDirectoryBytes, name_bytes);
    at += kDirectoryBytes + name_bytes + extra_bytes + comment_bytes;
    archive.by_name_.emplace(entry.name, archive.entries_.size());
    archive.entries_.push_back(entry);
  }
  return archive;
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &entries_[found->second];
}

Result<std::string> ZipArchive::read(const ZipEntry& entry, std::uint64_t limit_bytes) const {
  if ((entry.flags & kEncrypted) != 0) {
    return Error{Code::unsupported, fmt::format("[zip] {} is encrypted", entry.name)};
  }
  if (entry.size_bytes > limit_bytes) {
    return Error{Code::resource_exhausted,
                 fmt::format("[zip] {} has {} bytes, at most {} are unpacked", entry.name,
                             entry.size_bytes, limit_bytes)};
  }
  const std::uint64_t at = entry.header_offset;
  if (at + kLocalBytes > bytes_.size() || bytes_.substr(at, 4) != "PK\x03\x04") {
    return bad_zip(fmt::format("{} is not where the directory says", entry.name));
  }
  const std::uint64_t begin = at + kLocalBytes + number_at<std::uint16_t>(bytes_, at + 26) +
                              number_at<std::uint16_t>(bytes_, at + 28);
  if (begin > bytes_.size() || entry.stored_bytes > bytes_.size() - begin) {
    return bad_zip(fmt::format("{} ends behind the archive", entry.name));
  }
  const std::string_view stored = bytes_.substr(begin, entry.stored_bytes);
  std::string content;
  if (entry.method == kStored) {
    content = stored;
  } else if (entry.method == kDeflated) {
    const CodecSpec* deflate = find_codec("deflate");
    ALUDEL_CHECK(deflate != nullptr, "deflate is a codec");
    auto unpacked = decompress(*deflate, stored, entry.size_bytes);
    if (!unpacked) return bad_zip(fmt::format("{}: {}", entry.name, unpacked.error().message));
    content = std::move(unpacked).value();
  } else {
    return Error{Code::unsupported,
                 fmt::format("[zip] {} is packed by method {}", entry.name, entry.method)};
  }
  if (content.size() != entry.size_bytes ||
      libdeflate_crc32(0, content.data(), content.size()) != entry.crc32) {
    return bad_zip(fmt::format("{} has a wrong checksum or size", entry.name));
  }
  return content;
}

}  // namespace aludel::io
