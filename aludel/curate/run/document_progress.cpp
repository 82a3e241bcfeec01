#include "aludel/curate/run/document_progress.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace aludel::curate {

void DocumentProgress::judged(std::uint64_t bytes, bool is_kept) {
  advance(bytes, 1, is_kept ? 1 : 0);
}

void DocumentProgress::fitted(std::uint64_t bytes) {
  advance(bytes, 0, 0);
}

void DocumentProgress::advance(std::uint64_t bytes, std::uint64_t judged, std::uint64_t kept) {
  std::string note;
  {
    const std::lock_guard lock(mutex_);
    ++documents_;
    bytes_ += bytes;
    judged_ += judged;
    kept_ += kept;
    const double seconds = std::max(now_seconds() - started_, 1e-3);
    if (measure_ == Measure::stored_bytes) note = fmt::format("{} documents, ", documents_);
    note +=
        fmt::format("{:.1f} MB of text per second", static_cast<double>(bytes_) / 1e6 / seconds);
    if (judged_ > 0) {
      note += fmt::format(", {:.0f} % kept",
                          100 * static_cast<double>(kept_) / static_cast<double>(judged_));
    }
  }
  bar_.advance(measure_ == Measure::stored_bytes ? 0 : 1, note);
}

std::string_view DocumentProgress::unit_of(Measure measure) {
  switch (measure) {
    case Measure::documents:
      return "documents";
    case Measure::readings:
      return "documents read";
    case Measure::stored_bytes:
      return "bytes";
  }
  return "";
}

void DocumentProgress::finish_shard(std::uint64_t stored_bytes) {
  if (measure_ == Measure::stored_bytes) bar_.advance(stored_bytes);
}

}  // namespace aludel::curate
