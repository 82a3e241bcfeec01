#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/exec/records.h"

namespace aludel::exec {

/// Where a sort may keep its records: `memory_bytes` in memory, and what does not fit in files
/// whose paths begin with `spill_path`.
struct SortRoom {
  std::uint64_t memory_bytes;
  std::string spill_path;
};

/// Records in the order of their bytes, however many they are: an external merge sort (Knuth 1998,
/// TAOCP 3, 5.4). Equal records come as often as they were read. One caller at a time.
class SortedRecords {
 public:
  /// Reads all that `reader` has. Errors: those of reading and of writing spills.
  static Result<std::unique_ptr<SortedRecords>> sort(io::FileSystem& files, RecordReader reader,
                                                     std::size_t size_bytes, const SortRoom& room);

  /// Removes the spilled files.
  ~SortedRecords();
  SortedRecords(const SortedRecords&) = delete;
  SortedRecords& operator=(const SortedRecords&) = delete;

  /// The next record, valid until the next call; false at the end.
  Result<bool> next(std::string_view& record);

  std::size_t spills() const { return spills_.size(); }

 private:
  /// Orders by the first eight bytes before it looks at a record.
  struct Entry {
    std::uint64_t prefix;
    std::uint32_t record;
  };

  /// A spilled file as it is read.
  struct Spill {
    std::string path;
    std::unique_ptr<RecordReader> reader;
    std::string record;
  };

  SortedRecords(io::FileSystem& files, std::size_t size_bytes, SortRoom room)
      : files_(files), size_bytes_(size_bytes), room_(std::move(room)) {}

  Status read_all(RecordReader& reader);
  void add(std::string_view record);
  void sort_memory();

  std::string_view record_of(const Entry& entry) const {
    return std::string_view(bytes_).substr(entry.record * size_bytes_, size_bytes_);
  }

  Status spill();
  Status open_spills();
  Result<bool> advance(std::size_t spill);

  io::FileSystem& files_;
  std::size_t size_bytes_;
  SortRoom room_;
  std::string bytes_;
  std::vector<Entry> entries_;
  std::size_t at_ = 0;
  std::vector<Spill> spills_;
  std::vector<std::size_t> heap_;  // spills by their record, the least on top
  std::string last_;
};

}  // namespace aludel::exec
