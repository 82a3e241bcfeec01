#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/exec/records.h"

namespace aludel::exec {

/// `summed`: of records with one key one is left, and the uint64_t behind its key is their sum.
enum class EqualKeys : std::uint8_t { kept, summed };

/// Records of one size are ordered by their first key_bytes, as unsigned bytes.
/// REQUIRES: 8 <= key_bytes <= record_bytes; for `summed` a uint64_t behind the key.
struct RecordOrder {
  std::size_t record_bytes = 0;
  std::size_t key_bytes = 0;
  EqualKeys equal = EqualKeys::kept;
};

/// What a RecordSorter was given, in order: its sorted runs of files and of memory, merged as they
/// are read. One caller at a time.
class SortedRecords {
 public:
  /// Removes the files.
  ~SortedRecords();
  SortedRecords(const SortedRecords&) = delete;
  SortedRecords& operator=(const SortedRecords&) = delete;

  /// The next record, valid until the next call; false at the end. Errors: those of reading files.
  Result<bool> next(std::string_view& record);

 private:
  friend class RecordSorter;  // fills in the runs, and then calls start()

  /// A record of memory_, with the first eight bytes of its key.
  struct Place {
    std::uint64_t prefix;
    std::uint32_t index;
  };

  /// The sorted records of one part of memory_.
  struct Chunk {
    std::vector<Place> places;
    std::size_t at = 0;
  };

  /// The next record of a run. Runs are counted through files first, then chunks.
  struct Head {
    std::uint64_t prefix = 0;
    const char* record = nullptr;
    std::size_t run = 0;
  };

  explicit SortedRecords(RecordOrder order) : order_(order), current_(order.record_bytes) {}

  /// The first eight bytes as a number that orders as they do.
  static std::uint64_t prefix_of(const char* record);

  Status start();
  Result<bool> read(Head& head);
  bool is_after(const Head& a, const Head& b) const;
  Status advance();
  void add_to_current(const char* record);

  RecordOrder order_;
  io::FileSystem* files_ = nullptr;
  std::vector<std::string> paths_;
  std::vector<RecordReader> readers_;  // by path
  std::vector<char> memory_;
  std::vector<Chunk> chunks_;
  std::vector<Head> heap_;  // the first on top
  std::vector<char> current_;
};

}  // namespace aludel::exec
