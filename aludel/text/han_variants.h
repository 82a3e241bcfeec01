#pragma once

#include <string_view>

namespace aludel::text {

/// Whether more characters of the text are of the traditional than of the simplified form, counted
/// over common characters whose two forms differ; false when none occurs.
bool uses_traditional_han(std::string_view text);

}  // namespace aludel::text
