#include "aludel/exec/records.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/stop.h"
#include "aludel/exec/record_bytes.h"

namespace aludel::exec {
namespace {

constexpr std::uint64_t kRecordsMagic = 0x414C55524543'0001U;  // "ALUREC", version 1
constexpr std::size_t kNumberBytes = 8;
constexpr std::size_t kTrailerNumbers = 4;  // runs, partitions, size of a record, magic

Error ends_early(const std::string& path) {
  return {Code::corrupt_data, path + ": [records] the file ends early"};
}

/// Reads `count` numbers of a file, beginning at byte `offset`.
Result<std::vector<std::uint64_t>> read_numbers(io::FileSystem& files, const std::string& path,
                                                std::uint64_t offset, std::size_t count) {
  const auto reader = ALUDEL_TRY(files.open(path, offset));
  std::string bytes(count * kNumberBytes, '\0');
  if (ALUDEL_TRY(io::read_full(*reader, bytes)) < bytes.size()) return ends_early(path);
  RecordParser parser(bytes);
  std::vector<std::uint64_t> numbers(count);
  for (std::uint64_t& number : numbers) {
    number = parser.number();
  }
  return numbers;
}

}  // namespace

Result<std::unique_ptr<RecordWriter>> RecordWriter::create(io::FileSystem& files,
                                                           const std::string& path,
                                                           const RecordLayout& layout,
                                                           std::size_t buffer_bytes) {
  ALUDEL_CHECK(layout.partitions > 0 && layout.size_bytes > 0, "a layout without records");
  auto file = ALUDEL_TRY(files.create_scratch(path));  // before new, which a return would leak
  return std::unique_ptr<RecordWriter>(new RecordWriter(std::move(file), layout, buffer_bytes));
}

Status RecordWriter::write(std::size_t partition, std::string_view record) {
  ALUDEL_CHECK(record.size() == layout_.size_bytes, "a record of another layout");
  ALUDEL_CHECK(partition < buckets_.size(), "a partition of the layout");
  buckets_[partition] += record;
  buffered_ += record.size();
  return buffered_ < buffer_bytes_ ? Status(Ok{}) : write_run();
}

Status RecordWriter::write_run() {
  for (std::string& bucket : buckets_) {
    index_.push_back(written_);
    ALUDEL_TRY(file_->write(bucket));
    written_ += bucket.size();
    bucket.clear();
  }
  index_.push_back(written_);
  buffered_ = 0;
  return Ok{};
}

Status RecordWriter::commit() {
  if (buffered_ > 0) ALUDEL_TRY(write_run());
  RecordBuilder tail;
  for (const std::uint64_t offset : index_) {
    tail.number(offset);
  }
  tail.number(index_.size() / (layout_.partitions + 1)).number(layout_.partitions);
  tail.number(layout_.size_bytes).number(kRecordsMagic);
  ALUDEL_TRY(file_->write(tail.bytes()));
  return file_->commit();
}

RecordReader::RecordReader(io::FileSystem& files, std::span<const std::string> paths,
                           const RecordLayout& layout, std::size_t partition,
                           std::size_t buffer_bytes)
    : files_(files),
      paths_(paths.begin(), paths.end()),
      layout_(layout),
      partition_(partition),
      buffer_bytes_(buffer_bytes) {
  ALUDEL_CHECK(partition < layout.partitions, "a partition of the layout");
}

Result<bool> RecordReader::next(std::string_view& record) {
  while (at_ == buffer_.size()) {
    if (left_bytes_ > 0) {
      ALUDEL_TRY(fill());
    } else if (run_ < runs_) {
      ALUDEL_TRY(open_run());
    } else if (file_ < paths_.size()) {
      ALUDEL_TRY(open_file());
    } else {
      return false;
    }
  }
  record = std::string_view(buffer_).substr(at_, layout_.size_bytes);
  at_ += layout_.size_bytes;
  return true;
}

Status RecordReader::open_file() {
  const std::string& path = paths_[file_];
  const std::uint64_t size = ALUDEL_TRY(files_.info(path)).size_bytes;
  constexpr std::uint64_t kTrailerBytes = kTrailerNumbers * kNumberBytes;
  const Error damaged{Code::corrupt_data, path + ": [records] no file of these records"};
  if (size < kTrailerBytes) return damaged;
  const auto trailer =
      ALUDEL_TRY(read_numbers(files_, path, size - kTrailerBytes, kTrailerNumbers));
  const std::array<std::uint64_t, 3> expected = {layout_.partitions, layout_.size_bytes,
                                                 kRecordsMagic};
  if (!std::equal(expected.begin(), expected.end(), trailer.begin() + 1)) return damaged;
  runs_ = trailer[0];
  const std::uint64_t row_bytes = (layout_.partitions + 1) * kNumberBytes;
  if (runs_ > (size - kTrailerBytes) / row_bytes) return damaged;
  index_begin_ = size - kTrailerBytes - runs_ * row_bytes;
  run_ = 0;
  ++file_;
  return Ok{};
}

Status RecordReader::open_run() {
  const std::string& path = paths_[file_ - 1];
  const std::uint64_t row = run_ * (layout_.partitions + 1) + partition_;
  const auto range = ALUDEL_TRY(read_numbers(files_, path, index_begin_ + row * kNumberBytes, 2));
  ++run_;
  if (range[0] > range[1] || range[1] > index_begin_ ||
      (range[1] - range[0]) % layout_.size_bytes != 0) {
    return Error{Code::corrupt_data, path + ": [records] the index is damaged"};
  }
  left_bytes_ = range[1] - range[0];
  if (left_bytes_ > 0) bytes_ = ALUDEL_TRY(files_.open(path, range[0]));
  return Ok{};
}

/// Fills the buffer with a whole number of records. Errors: cancelled where a stop was asked for:
/// all plans read records, so they end within a buffer's.
Status RecordReader::fill() {
  if (stop_requested()) return Error{Code::cancelled, "stopped"};
  const std::size_t at_once = std::max<std::size_t>(buffer_bytes_ / layout_.size_bytes, 1);
  buffer_.resize(std::min<std::uint64_t>(left_bytes_, at_once * layout_.size_bytes));
  at_ = 0;
  if (ALUDEL_TRY(io::read_full(*bytes_, buffer_)) < buffer_.size()) {
    return ends_early(paths_[file_ - 1]);
  }
  left_bytes_ -= buffer_.size();
  return Ok{};
}

}  // namespace aludel::exec
