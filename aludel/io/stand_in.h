#pragma once

#include <string_view>

#include "aludel/base/result.h"

namespace aludel::io {

/// Refuses what a clone or a download leaves in place of a file of a model: a pointer of Git LFS, a
/// page of HTML or XML that tells of an error. REQUIRES: the file may hold neither.
/// Errors: corrupt_data with the path and how to get the file.
/// Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
Status expect_no_stand_in(std::string_view bytes, std::string_view path);

}  // namespace aludel::io
