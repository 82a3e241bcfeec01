#include "aludel/base/log.h"

#include <cstdio>
#include <mutex>
#include <string>

#include <unistd.h>

namespace aludel {
namespace {

struct Terminal {
  std::mutex mutex;
  bool line_is_open = false;  // a redrawn line without its newline
};

Terminal& terminal() {
  static Terminal shared;
  return shared;
}

void write_all(const std::string& bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), stderr);
}

}  // namespace

void log_line(std::string_view message) {
  Terminal& shared = terminal();
  const std::lock_guard lock(shared.mutex);
  write_all(fmt::format("{}aludel: {}\n", shared.line_is_open ? "\n" : "", message));
  shared.line_is_open = false;
}

bool log_is_terminal() {
  return isatty(STDERR_FILENO) == 1;
}

void log_redraw(std::string_view line) {
  Terminal& shared = terminal();
  const std::lock_guard lock(shared.mutex);
  write_all(fmt::format("\r\033[K{}", line));
  shared.line_is_open = true;
}

}  // namespace aludel
