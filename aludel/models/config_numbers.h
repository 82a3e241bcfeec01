#pragma once
// Numbers of a config.json, checked in the type in which they are used.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/json.h"
#include "aludel/base/result.h"

namespace aludel::models {

// What a model that is read, and so one that is made, may have.
inline constexpr std::int64_t kMostWidth = std::int64_t{1} << 24;  // also a length, a vocabulary
inline constexpr std::int64_t kMostBlocks = 4096;                  // also heads, and a head's size
inline constexpr Range kRopeThetas = between(1 + 1e-6, 1e15);
inline constexpr Range kNormEpsilons = between(0, 1);

/// Reads a whole number from 1 to `limit`; an absent or null one is `otherwise`, where that is not
/// 0. Errors: corrupt_data with key and value.
Result<std::size_t> read_size(const Json& config, std::string_view key, std::int64_t limit,
                              std::size_t otherwise = 0);

/// Reads a number in the range; an absent or null one is `otherwise`, which may lie outside;
/// without that it must be there. Errors: corrupt_data with key and value.
Result<double> read_real(const Json& config, std::string_view key, Range range,
                         std::optional<double> otherwise = std::nullopt);

/// Reads true or false; an absent or null one is `otherwise`. Errors: corrupt_data.
Result<bool> read_flag(const Json& config, std::string_view key, bool otherwise);

/// Reads a token id or a list of them; an absent or null one, and -1 alone, stand for none.
/// Errors: corrupt_data for what is no id of a vocabulary of that size.
Result<std::vector<std::int32_t>> read_token_ids(const Json& config, std::string_view key,
                                                 std::size_t vocabulary);

}  // namespace aludel::models
