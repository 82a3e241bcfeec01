#pragma once

#include <string>

#include "aludel/base/result.h"

namespace aludel::app {

/// Holds FOLDER/.lock for as long as it lives: two processes in one run folder would write over
/// each other.
class RunLock {
 public:
  /// Errors: io_error when another process holds it, or when the lock file cannot be opened.
  static Result<RunLock> take(const std::string& folder);

  RunLock(RunLock&& other) noexcept;
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();

 private:
  explicit RunLock(int file) : file_(file) {}

  int file_;
};

}  // namespace aludel::app
