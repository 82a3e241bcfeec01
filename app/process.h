#pragma once

#include <string>
#include <vector>

#include "aludel/base/result.h"

namespace aludel::app {

/// Runs a program to its end in `folder`, with no input; what it prints goes to a log file there.
/// The child dies with this process. Errors: not_found when there is no such program, io_error with
/// the last line it printed when it fails.
Status run_program(const std::vector<std::string>& words, const std::string& folder);

}  // namespace aludel::app
