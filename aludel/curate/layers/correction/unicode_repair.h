#pragma once

#include <string_view>

#include "aludel/curate/layers/correction/mojibake.h"

namespace aludel::curate {

/// Removes characters that a reader does not see: controls except tab and new line, byte order
/// marks, zero-width spaces, soft hyphens, noncharacters. Turns new lines of other systems and the
/// Unicode line separators into "\n". Keeps joiners, because Persian and Hindi need them. `text` is
/// valid UTF-8. Source: Unicode 15, chapter 23.
RepairedText repair_unicode(std::string_view text);

}  // namespace aludel::curate
