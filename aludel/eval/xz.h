#pragma once

#include <cstdint>
#include <string_view>

#include "aludel/base/result.h"

namespace aludel::eval {

/// Bytes that `xz -9` makes of a text: a compressor's bits per byte beside a model's.
/// Errors: resource_exhausted when there is not enough memory (about 700 MB).
Result<std::uint64_t> xz_size(std::string_view text);

}  // namespace aludel::eval
