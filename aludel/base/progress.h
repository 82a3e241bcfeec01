#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace aludel {

/// Progress of long work on stderr: a bar on a terminal, elsewhere a plain line every 10 seconds.
/// advance() may be called from many threads.
class Progress {
 public:
  /// `total` units of `unit`, 0 if unknown: Progress("curate", 1200, "documents"). "bytes" are
  /// shown as MB.
  Progress(std::string_view what, std::uint64_t total, std::string_view unit);
  /// Prints the closing line: units done, seconds, units per second.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `note` stands at the end of the line ("loss 3.21").
  void advance(std::uint64_t units, std::string_view note = {});

 private:
  std::string line() const;

  std::mutex mutex_;
  std::string what_;
  std::string unit_;
  std::string note_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
  double started_;
  double last_shown_;
};

}  // namespace aludel
