#include "aludel/base/memory_size.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

namespace aludel {

std::uint64_t machine_memory_bytes() {
  const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
  std::uint64_t bytes = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGE_SIZE));
  std::uint64_t limit = 0;
  std::ifstream control_group("/sys/fs/cgroup/memory.max");  // "max" without a limit
  if (control_group >> limit && limit > 0) bytes = std::min(bytes, limit);
  return bytes;
}

Result<std::uint64_t> parse_memory_size(std::string_view text) {
  struct Unit {
    std::string_view name;
    double bytes;
  };

  constexpr Unit kUnits[] = {{"", 1},
                             {"B", 1},
                             {"KB", 1e3},
                             {"MB", 1e6},
                             {"GB", 1e9},
                             {"TB", 1e12},
                             {"KiB", 1024.0},
                             {"MiB", 1048576.0},
                             {"GiB", 1073741824.0},
                             {"TiB", 1099511627776.0}};
  double number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view name = text.substr(static_cast<std::size_t>(end.ptr - text.data()));
  while (name.starts_with(' ')) {
    name.remove_prefix(1);
  }
  for (const Unit& unit : kUnits) {
    if (end.ec != std::errc() || unit.name != name) continue;
    const double bytes = number * unit.bytes;
    if (bytes >= 1 && bytes < 1e18) return static_cast<std::uint64_t>(bytes);
  }
  return Error{Code::invalid_argument,
               fmt::format("'{}' is no size of memory, expected one like \"8GB\"", text)};
}

}  // namespace aludel
