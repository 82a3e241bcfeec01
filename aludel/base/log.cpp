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
  bool is_quiet = false;
};

Terminal& terminal() {
  static Terminal shared;
  return shared;
}

void write_all(const std::string& bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), stderr);
}

}  // namespace

void log_line(std::string_view message, LogLevel level) {
  Terminal& shared = terminal();
  const std::lock_guard lock(shared.mutex);
  if (shared.is_quiet && level == LogLevel::info) return;
  write_all(fmt::format("{}aludel: {}\n", shared.line_is_open ? "\n" : "", message));
  shared.line_is_open = false;
}

void log_quietly() {
  Terminal& shared = terminal();
  const std::lock_guard lock(shared.mutex);
  shared.is_quiet = true;
}

bool log_is_terminal() {
  return isatty(STDERR_FILENO) == 1;
}

void log_redraw(std::string_view line) {
  Terminal& shared = terminal();
  const std::lock_guard lock(shared.mutex);
  if (shared.is_quiet) return;
  write_all(fmt::format("\r\033[K{}", line));
  shared.line_is_open = true;
}

}  // namespace aludel
