#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aludel/base/result.h"

namespace aludel::io {

/// A file inside a ZIP archive.
struct ZipEntry {
  std::string_view name;  // in the archive's bytes
  std::uint16_t flags = 0;
  std::uint16_t method = 0;  // 0 stored, 8 deflate
  std::uint32_t crc32 = 0;
  std::uint64_t stored_bytes = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t header_offset = 0;
};

/// The container of EPUB: the files of a ZIP archive in memory, as its central directory lists
/// them. Archives of 4 GB and more (ZIP64), in several parts or encrypted are not read.
/// Concurrent reads: yes. Source: PKWARE APPNOTE 6.3.10, and ISO/IEC 21320-1 for what EPUB uses.
class ZipArchive {
 public:
  /// `bytes` must outlive the archive. Errors: corrupt_data; unsupported for ZIP64.
  static Result<ZipArchive> open(std::string_view bytes);

  const std::vector<ZipEntry>& entries() const { return entries_; }

  /// The first of that name; nullptr when there is none.
  const ZipEntry* find(std::string_view name) const;

  /// The content of a file. However little it is stored in, at most `limit_bytes` are unpacked.
  /// Errors: corrupt_data (also for a wrong checksum), unsupported for a method or encryption,
  /// resource_exhausted above the limit.
  Result<std::string> read(const ZipEntry& entry, std::uint64_t limit_bytes) const;

 private:
  explicit ZipArchive(std::string_view bytes) : bytes_(bytes) {}

  std::string_view bytes_;
  std::vector<ZipEntry> entries_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
};

}  // namespace aludel::io
