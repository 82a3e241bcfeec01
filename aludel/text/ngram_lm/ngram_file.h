#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// What reader and writer of n-gram model files share; see docs/formats/ngram_lm.md.
namespace aludel::text {

inline constexpr std::string_view kNgramFileMagic = "ALUDELLM";
inline constexpr std::uint32_t kNgramFileVersion = 1;
inline constexpr std::size_t kNgramHeaderBytes = 88;

}  // namespace aludel::text
