#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

// Files of records of one size, split into partitions: docs/formats/records.md.
namespace aludel::exec {

struct RecordLayout {
  std::size_t size_bytes = 0;  // of one record
  std::size_t partitions = 1;
};

/// Writer of one file that holds all partitions of one task's records. One caller at a time.
class RecordWriter {
 public:
  /// Creates the file. Buffers about `buffer_bytes`, and writes one run each time the buffer is
  /// full.
  static Result<std::unique_ptr<RecordWriter>> create(io::FileSystem& files,
                                                      const std::string& path,
                                                      const RecordLayout& layout,
                                                      std::size_t buffer_bytes);

  /// Appends a record to a partition.
  /// REQUIRES: partition < layout.partitions, record.size() == layout.size_bytes.
  Status write(std::size_t partition, std::string_view record);

  /// Writes what is buffered and makes the file appear. REQUIRES: no write() follows.
  Status commit();

 private:
  RecordWriter(std::unique_ptr<io::ByteWriter> file, const RecordLayout& layout,
               std::size_t buffer_bytes)
      : file_(std::move(file)),
        layout_(layout),
        buffer_bytes_(buffer_bytes),
        buckets_(layout.partitions) {}

  Status write_run();

  std::unique_ptr<io::ByteWriter> file_;
  RecordLayout layout_;
  std::size_t buffer_bytes_;
  std::vector<std::string> buckets_;  // by partition
  std::size_t buffered_ = 0;
  std::uint64_t written_ = 0;
  std::vector<std::uint64_t> index_;  // for each run: where each partition begins, where it ends
};

/// Reader of one partition from several files: file after file, each in the order of writing. One
/// caller at a time.
class RecordReader {
 public:
  static constexpr std::size_t kBufferBytes = std::size_t{1} << 18;

  /// Keeps about `buffer_bytes` in memory.
  RecordReader(io::FileSystem& files, std::span<const std::string> paths,
               const RecordLayout& layout, std::size_t partition,
               std::size_t buffer_bytes = kBufferBytes);

  /// Reads the next record, a view that is valid until the next call; returns false at the end.
  /// Errors: those of reading; corrupt_data for a file with another layout; cancelled.
  Result<bool> next(std::string_view& record);

 private:
  Status open_file();
  Status open_run();
  Status fill();

  io::FileSystem& files_;
  std::vector<std::string> paths_;
  RecordLayout layout_;
  std::size_t partition_;
  std::size_t buffer_bytes_;
  std::size_t file_ = 0;           // index of the next file to open
  std::uint64_t index_begin_ = 0;  // where the open file's index begins
  std::uint64_t run_ = 0;          // index of the next run of the open file
  std::uint64_t runs_ = 0;
  std::uint64_t left_bytes_ = 0;  // bytes of the open run that are not in the buffer yet
  std::unique_ptr<io::ByteReader> bytes_;
  std::string buffer_;
  std::size_t at_ = 0;  // position in the buffer
};

}  // namespace aludel::exec
