#include "app/recipe/run_lock.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace aludel::app {

Result<RunLock> RunLock::take(const std::string& folder) {
  const std::string path = folder + "/.lock";
  RunLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (lock.file_ < 0) {
    return Error{Code::io_error, fmt::format("[run] cannot open the lock {}: {}", path,
                                             std::generic_category().message(errno))};
  }
  if (flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) {
    return Error{Code::io_error, fmt::format("[run] another process is at work in {}", folder)};
  }
  return Error{Code::io_error, fmt::format("[run] cannot lock {}: {}", path,
                                           std::generic_category().message(errno))};
}

RunLock::RunLock(RunLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

RunLock::~RunLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace aludel::app
