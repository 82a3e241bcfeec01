#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>

#include "aludel/base/clock.h"
#include "aludel/base/progress.h"

namespace aludel::curate {

/// The progress display of documents that pass layers or that a plan reads: their number, megabytes
/// of text per second, the share that is kept, the time left. While sources are read, the number of
/// documents to come is not known; then the time left follows from the part of the sources' bytes
/// that is done. Concurrent calls: yes.
class DocumentProgress {
 public:
  /// What `total` counts. `readings` are of documents: a plan can read one several times.
  enum class Measure : std::uint8_t { documents, readings, stored_bytes };

  DocumentProgress(std::string_view what, Measure measure, std::uint64_t total)
      : measure_(measure), started_(now_seconds()), bar_(what, total, unit_of(measure)) {}

  /// Counts a document of `bytes` bytes of text that has passed layers.
  void judged(std::uint64_t bytes, bool is_kept);

  /// Counts a document of `bytes` bytes of text that a plan has read.
  void fitted(std::uint64_t bytes);

  /// Counts a finished shard; `stored_bytes` is the size of its files as they are stored.
  void finish_shard(std::uint64_t stored_bytes);

 private:
  static std::string_view unit_of(Measure measure);
  void advance(std::uint64_t bytes, std::uint64_t judged, std::uint64_t kept);

  Measure measure_;
  double started_;
  std::mutex mutex_;
  std::uint64_t documents_ = 0;
  std::uint64_t judged_ = 0;
  std::uint64_t kept_ = 0;
  std::uint64_t bytes_ = 0;
  Progress bar_;
};

}  // namespace aludel::curate
