#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/exec/sorted_records.h"
#include "aludel/io/file_system.h"

namespace aludel::exec {

/// Where and with what records are sorted. `memory_bytes` is for one sorter.
struct SortPlace {
  io::FileSystem* files = nullptr;
  std::string folder;  // for runs; made when the first one is written
  std::size_t memory_bytes = std::size_t{64} << 20;
  Threads* threads = nullptr;  // sort parts of the memory at once; null: the caller sorts it whole
};

/// Takes records in any order and gives them sorted, the same for any number of threads and any
/// memory: an external merge sort (Knuth 1998, TAOCP 3, 5.4). Of records with equal keys the one
/// that was added first comes first. One caller at a time.
class RecordSorter {
 public:
  /// `name` is what its files are called; no two sorters of a folder may share one.
  RecordSorter(SortPlace place, std::string name, RecordOrder order);
  RecordSorter(RecordSorter&&) = default;
  RecordSorter& operator=(RecordSorter&&) = default;
  ~RecordSorter();

  /// REQUIRES: record.size() == order.record_bytes. Errors: io_error, resource_exhausted.
  Status add(std::string_view record);

  /// All records in order; nothing may be added after it. Errors: those of reading files.
  Result<std::unique_ptr<SortedRecords>> finish();

 private:
  std::unique_ptr<SortedRecords> sort_memory();
  Status spill();

  SortPlace place_;
  std::string name_;
  RecordOrder order_;
  std::size_t capacity_bytes_;
  std::vector<char> memory_;
  std::vector<std::string> runs_;
};

}  // namespace aludel::exec
