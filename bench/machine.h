#pragma once

#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>

#include "aludel/base/isa.h"
#include "aludel/base/json.h"

/// What every result of a benchmark says beside its numbers, and the time that counts on a shared
/// machine.
namespace aludel::bench {

/// CPU seconds of this process so far.
inline double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

inline std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

/// The short hash of the commit that is checked out; "" outside of a checkout.
inline std::string commit() {
  std::FILE* git = ::popen("git rev-parse --short HEAD 2>/dev/null", "r");
  if (git == nullptr) return "";
  std::array<char, 64> line{};
  const bool found = std::fgets(line.data(), static_cast<int>(line.size()), git) != nullptr;
  ::pclose(git);
  const std::string hash = found ? line.data() : "";
  return hash.substr(0, hash.find('\n'));
}

inline Isa best_isa() {
  return choose_isa("").value_or(Isa::scalar);
}

/// Adds `threads`, `machine`, `isa` and `commit` to a result.
inline void add_machine(Json& out, int threads, Isa isa = best_isa()) {
  out["threads"] = threads;
  out["machine"] = cpu_model();
  out["isa"] = isa_name(isa);
  out["commit"] = commit();
}

}  // namespace aludel::bench
