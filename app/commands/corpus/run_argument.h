#pragma once

#include <string>
#include <string_view>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::app {

inline constexpr std::string_view kRunHelp =
    "folder of a finished run, or the config whose `out` it is";

/// The folder of the run that a word names: the word itself, or `out` of the config that it names.
/// Errors: invalid_argument for no word and for a config without `out`; not_found where nothing has
/// that name; those of reading the config.
Result<std::string> run_folder_of(io::FileSystem& files, const std::string& run);

}  // namespace aludel::app
