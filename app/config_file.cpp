#include "app/config_file.h"

#include <fmt/format.h>

namespace aludel::app {

Status read_config_file(io::FileSystem& files, const std::string& path,
                        const std::vector<std::string>& set, const Fields& fields) {
  if (!path.empty()) {
    const std::string toml = ALUDEL_TRY(io::read_file(files, path));
    ALUDEL_TRY(read_config(ALUDEL_TRY(parse_toml(toml, path)), fields, path));
  }
  for (const std::string& change : set) {
    const std::size_t equals = change.find('=');
    if (equals == std::string::npos) {
      return Error{Code::invalid_argument,
                   fmt::format("[config] --set {}: expected KEY=VALUE", change)};
    }
    ALUDEL_TRY(set_field(fields, change.substr(0, equals), change.substr(equals + 1)));
  }
  return Ok{};
}

}  // namespace aludel::app
