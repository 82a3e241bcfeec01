#pragma once

#include <string>

#include "aludel/base/result.h"

namespace aludel::app {

/// Whether something is piped or redirected into this program: no terminal, no /dev/null.
bool has_standard_input();

/// Reads standard input to its end and returns a path under which this process, as long as it
/// lives, can read it as a file again and again; it lies in memory. Errors: resource_exhausted
/// above 2 GiB or without memory, invalid_argument where nothing comes, io_error.
Result<std::string> spool_standard_input();

}  // namespace aludel::app
