#pragma once

#include <cstdint>
#include <string_view>

namespace aludel::curate {

/// Returns a date as a number, so that later times are larger: "2024-05-18T01:58:10.25Z" becomes
/// 20240518015810'25000, its digits, at most 19, filled up with zeros. Returns 0 without digits.
std::uint64_t capture_time(std::string_view date);

}  // namespace aludel::curate
