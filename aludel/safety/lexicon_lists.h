#pragma once

#include <span>
#include <string>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/safety/lexicon.h"

namespace aludel::safety {

/// Reads further word lists, each given as "class=path". Errors: invalid_argument for a list
/// without a class that there is, and those of reading.
Result<std::vector<LexiconList>> read_lexicon_lists(io::FileSystem& files,
                                                    std::span<const std::string> lists);

}  // namespace aludel::safety
