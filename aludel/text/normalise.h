#pragma once

#include <string>
#include <string_view>

namespace aludel::text {

/// Text in the one form that all later stages see: NFC, "\n" for every line end, no control
/// characters but tab and "\n", no white space at line ends, at most one empty line in a row, none
/// at the start and end. `text` is valid UTF-8. Idempotent. Concurrent calls: yes.
/// Source: Unicode 15, UAX 15.
std::string normalise_text(std::string_view text);

}  // namespace aludel::text
