#pragma once

#include <cstdint>
#include <string_view>

#include "aludel/base/result.h"

namespace aludel {

/// Bytes that this process may use: of the machine, or of its control group where that has less.
std::uint64_t machine_memory_bytes();

/// "8GB", "512MB", "1.5 GB", "4096" in bytes; KB, MB, GB and TB are powers of 1,000, KiB, MiB, GiB
/// and TiB of 1,024. Errors: invalid_argument.
Result<std::uint64_t> parse_memory_size(std::string_view text);

}  // namespace aludel
