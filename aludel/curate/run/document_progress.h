#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>

#include "aludel/base/clock.h"
#include "aludel/base/progress.h"

namespace aludel::curate {

/// Progress of documents through layers or a fit: how many, megabytes per second, the share that is
/// kept, the time left. Where sources are read nobody knows how many documents will come: there the
/// part of their bytes that is done tells the time. Concurrent calls: yes.
class DocumentProgress {
 public:
  /// Readings are of documents too; a fit can read one several times.
  enum class Measure : std::uint8_t { documents, readings, stored_bytes };

  DocumentProgress(std::string_view what, Measure measure, std::uint64_t total)
      : measure_(measure), started_(now_seconds()), bar_(what, total, unit_of(measure)) {}

  /// A document of so many bytes went through layers.
  void judged(std::uint64_t bytes, bool is_kept);

  /// A fit saw a document of so many bytes.
  void fitted(std::uint64_t bytes);

  /// A shard is done, of so many bytes as they are stored.
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
