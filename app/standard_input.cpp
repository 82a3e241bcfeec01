#include "app/standard_input.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aludel/base/stop.h"

namespace aludel::app {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{2} << 30;

Error failed(std::string_view what) {
  return {Code::io_error,
          fmt::format("[stdin] {}: {}", what, std::generic_category().message(errno))};
}

Status write_all(int file, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(file, bytes, size);
    if (written < 0) {
      if (errno == EINTR) continue;
      return failed("cannot keep what was read");
    }
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  return Ok{};
}

}  // namespace

bool has_standard_input() {
  struct stat about = {};
  if (::fstat(STDIN_FILENO, &about) != 0) return false;
  return S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode) || S_ISREG(about.st_mode);
}

Result<std::string> spool_standard_input() {
  const int file = ::memfd_create("aludel-stdin", MFD_CLOEXEC);  // closed when the process ends
  if (file < 0) return failed("no memory for it");
  std::array<char, std::size_t{64} << 10> buffer{};
  std::uint64_t size = 0;
  while (true) {
    if (stop_requested()) return Error{Code::cancelled, "[stdin] stopped"};
    const ssize_t read = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return failed("cannot be read");
    if (read == 0) break;
    size += static_cast<std::uint64_t>(read);
    if (size > kMaxBytes) {
      return Error{Code::resource_exhausted,
                   "[stdin] more than 2 GiB came: name the file instead of piping it"};
    }
    ALUDEL_TRY(write_all(file, buffer.data(), static_cast<std::size_t>(read)));
  }
  if (size == 0) return Error{Code::invalid_argument, "[stdin] nothing came"};
  return fmt::format("/proc/self/fd/{}", file);
}

}  // namespace aludel::app
