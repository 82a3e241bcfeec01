#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"

// All access to files goes through FileSystem, so that a test can break the disk.
namespace aludel::io {

struct FileInfo {
  std::string path;
  std::uint64_t size_bytes;
  /// Tells contents apart without reading them (an ETag; on a disk the time of the last change);
  /// empty where the place has no such mark.
  std::string version = {};
};

/// Bytes that arrive one after the other. One caller at a time.
class ByteReader {
 public:
  ByteReader() = default;
  virtual ~ByteReader() = default;
  ByteReader(const ByteReader&) = delete;
  ByteReader& operator=(const ByteReader&) = delete;

  /// Fills the front of `out` and returns how many bytes; 0 only at the end (or if out is empty).
  virtual Result<std::size_t> read(std::span<char> out) = 0;
};

/// A new file that appears at its path as a whole, or not at all. One caller at a time.
class ByteWriter {
 public:
  ByteWriter() = default;
  virtual ~ByteWriter() = default;
  ByteWriter(const ByteWriter&) = delete;
  ByteWriter& operator=(const ByteWriter&) = delete;

  virtual Status write(std::string_view bytes) = 0;

  /// Makes the file durable and visible under its name; nothing may be written after it. A writer
  /// that is dropped without a commit leaves what was at the path before.
  virtual Status commit() = 0;
};

/// The bytes of a whole file, mapped or held in memory, for as long as this object lives. Moving it
/// does not move the bytes. Concurrent reads: yes.
class MappedFile {
 public:
  /// A file that is already in memory.
  explicit MappedFile(std::string bytes);
  /// Takes a mapping of mmap(2) over.
  MappedFile(const char* mapping, std::size_t size_bytes);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
  std::unique_ptr<const std::string> owned_;  // null for a mapping
};

/// A place that holds files. Every error names the path, and what to do where that is known.
/// Concurrent calls: yes.
class FileSystem {
 public:
  FileSystem() = default;
  virtual ~FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;

  /// Reads a file from byte `offset` on. Errors: not_found, io_error.
  virtual Result<std::unique_ptr<ByteReader>> open(const std::string& path,
                                                   std::uint64_t offset) = 0;

  Result<std::unique_ptr<ByteReader>> open(const std::string& path) { return open(path, 0); }

  /// Starts a file that replaces `path` when committed; its folder must exist.
  /// Errors: not_found (no folder), resource_exhausted (disk full), io_error.
  virtual Result<std::unique_ptr<ByteWriter>> create(const std::string& path) = 0;

  /// The same, but commit() does not wait for the disk: a crash of the machine may lose the file or
  /// a part of it. For files that are known by their hash and can be made again.
  virtual Result<std::unique_ptr<ByteWriter>> create_scratch(const std::string& path) = 0;

  /// Writes behind the end of a file, which is made if missing; commit() makes what was written so
  /// far durable, and may be called again. What was not committed may or may not be there later.
  /// Errors: as create(); io_error while another writer appends to the same file.
  virtual Result<std::unique_ptr<ByteWriter>> append(const std::string& path) = 0;

  /// The regular files at and below `path`, sorted by path; a file lists itself. Links to files
  /// count as files, links to folders below `path` and unfinished files of create() are left out.
  virtual Result<std::vector<FileInfo>> list(const std::string& path) = 0;

  /// Errors: not_found, and io_error for what is no regular file.
  virtual Result<FileInfo> info(const std::string& path) = 0;

  /// Removes a file or a folder with all in it; what does not exist is removed already.
  virtual Status remove(const std::string& path) = 0;

  /// Makes the folder and those above it; Ok when it exists.
  virtual Status make_folders(const std::string& path) = 0;

  /// Renames durably, replacing a file at `to`.
  virtual Status rename(const std::string& from, const std::string& to) = 0;

  virtual Result<MappedFile> map(const std::string& path) = 0;
};

/// The files of this machine. create() writes PATH.aludel-partial under a lock, and commit() does
/// fsync, rename and fsync of the folder; a partial file left by a kill is overwritten next time.
class LocalFileSystem final : public FileSystem {
 public:
  using FileSystem::open;
  Result<std::unique_ptr<ByteReader>> open(const std::string& path, std::uint64_t offset) override;
  Result<std::unique_ptr<ByteWriter>> create(const std::string& path) override;
  Result<std::unique_ptr<ByteWriter>> create_scratch(const std::string& path) override;
  Result<std::unique_ptr<ByteWriter>> append(const std::string& path) override;
  Result<std::vector<FileInfo>> list(const std::string& path) override;
  Result<FileInfo> info(const std::string& path) override;
  Status remove(const std::string& path) override;
  Status make_folders(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Result<MappedFile> map(const std::string& path) override;
};

/// A whole file in memory. Errors: those of open(); resource_exhausted above `limit_bytes`.
Result<std::string> read_file(FileSystem& files, const std::string& path,
                              std::uint64_t limit_bytes = std::uint64_t{1} << 32);

/// Writes a whole file atomically.
Status write_file(FileSystem& files, const std::string& path, std::string_view bytes);

/// Fills `out` as far as the reader has bytes: fewer than asked for, which it returns, at its end.
Result<std::size_t> read_full(ByteReader& reader, std::span<char> out);

/// What a reader has left, at most `limit_bytes` of it. Errors: resource_exhausted above that.
Result<std::string> read_all(ByteReader& reader, std::uint64_t limit_bytes);

/// Whether a path is an http:// or https:// address.
bool is_web_address(std::string_view path);

/// Whether each look at a file is a request to a server.
bool is_remote(std::string_view path);

/// A path as it is, a web address without its query and fragment: what names a file in messages and
/// ids, and nothing that lets one in.
std::string_view file_name_of(std::string_view path);

/// "folder/name"; `folder` may end in a slash or be empty.
std::string join_path(std::string_view folder, std::string_view name);

/// The path without the slashes at its end; "/" keeps one.
std::string without_end_slashes(std::string_view path);

/// The part before the last slash; "." when there is none.
std::string folder_of(std::string_view path);

}  // namespace aludel::io
