#pragma once

#include <string>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::app {

/// Draws what a run folder, or the folder of one curation, has as one HTML file.
/// Errors: not_found when there is nothing to draw; those of writing.
Status write_report(io::FileSystem& files, const std::string& folder, const std::string& out);

}  // namespace aludel::app
