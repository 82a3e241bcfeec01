#pragma once

#include <string>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/io/file_system.h"

namespace aludel::app {

/// Reads a TOML file into a config's fields (no path: none), then applies `--set a.b=c` words in
/// order.
/// Errors: those of reading; invalid_argument with file, line and the nearest valid key.
Status read_config_file(io::FileSystem& files, const std::string& path,
                        const std::vector<std::string>& set, const Fields& fields);

}  // namespace aludel::app
