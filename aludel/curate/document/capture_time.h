#pragma once

#include <cstdint>
#include <string_view>

namespace aludel::curate {

/// "2024-05-18T01:58:10.25Z" as 20240518015810'25000: its digits, up to 19, filled with zeros, so
/// that later times are larger numbers. 0 for what has none.
std::uint64_t capture_time(std::string_view date);

}  // namespace aludel::curate
