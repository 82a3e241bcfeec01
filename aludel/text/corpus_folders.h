#pragma once

#include <string_view>

namespace aludel::text {

/// The folders of a corpus that was filtered: what was kept, and beside it what was dropped. No
/// reader takes both for one corpus.
inline constexpr std::string_view kKeptFolder = "kept";
inline constexpr std::string_view kRejectsFolder = "rejects";

}  // namespace aludel::text
