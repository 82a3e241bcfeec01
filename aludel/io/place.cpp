#include "aludel/io/place.h"

#include <filesystem>
#include <system_error>

#include "aludel/io/file_system.h"

namespace aludel::io {

std::string place_of(const std::string& path) {
  if (path.find("://") != std::string::npos) return path;
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path.empty() ? "." : path, error);
  const auto place = std::filesystem::weakly_canonical(absolute, error);
  return std::string(without_end_slashes((error ? absolute.lexically_normal() : place).string()));
}

}  // namespace aludel::io
