#include "aludel/io/exists.h"

namespace aludel::io {

Result<bool> exists(FileSystem& files, const std::string& path) {
  const auto info = files.info(path);
  if (!info && info.error().code != Code::not_found) return info.error();
  return info.has_value();
}

}  // namespace aludel::io
