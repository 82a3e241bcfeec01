#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/io/file_system.h"

// External merge sort of records of one size: what does not fit a stated memory goes to files.
namespace aludel::text {

/// Where and with what sorting is done. `memory_bytes` is for one sorter.
struct SortPlace {
  io::FileSystem* files = nullptr;
  std::string folder;  // for runs; made when the first one is written
  std::size_t memory_bytes = std::size_t{64} << 20;
  Threads* threads = nullptr;
};

/// Records are ordered by their first key_bytes as unsigned bytes. REQUIRES: 8 <= key_bytes.
struct RecordShape {
  std::size_t record_bytes = 0;
  std::size_t key_bytes = 0;
};

/// `summed`: of records with one key, one is left, and the uint64_t behind its key is their sum.
enum class EqualKeys : std::uint8_t { kept, summed };

/// A sequence of sorted records. One caller at a time.
class RecordSource {
 public:
  RecordSource() = default;
  virtual ~RecordSource() = default;
  RecordSource(const RecordSource&) = delete;
  RecordSource& operator=(const RecordSource&) = delete;

  /// The next record, valid until the call after; null at the end. Errors: those of the files.
  virtual Result<const char*> next() = 0;
};

/// Takes records in any order and gives them sorted, the same for any number of threads and any
/// memory. Its files are removed with what finish() gives. One caller at a time.
class RecordSorter {
 public:
  /// `name`: what its files are called; no two sorters of a folder may share one.
  RecordSorter(SortPlace place, std::string name, RecordShape shape, EqualKeys equal);
  RecordSorter(RecordSorter&&) = default;
  RecordSorter& operator=(RecordSorter&&) = default;
  ~RecordSorter();

  /// Errors: io_error, resource_exhausted (disk full).
  Status add(const char* record);

  /// Nothing may be added after it.
  Result<std::unique_ptr<RecordSource>> finish();

 private:
  std::vector<std::unique_ptr<RecordSource>> sort_memory();
  Status spill();

  SortPlace place_;
  std::string name_;
  RecordShape shape_;
  EqualKeys equal_;
  std::size_t capacity_;  // records
  std::vector<char> buffer_;
  std::vector<std::string> runs_;
};

}  // namespace aludel::text
