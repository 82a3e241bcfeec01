#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aludel::curate {

/// A corrected text and how many places changed.
struct RepairedText {
  std::string text;
  std::int64_t repairs = 0;
};

/// Undoes reading in the wrong encoding, where the bytes are still there: UTF-8 read as
/// windows-1252 or latin-1 (up to three times over), as windows-1251 or windows-1250, UTF-8 read as
/// GBK, GBK read as windows-1252. A run of characters changes only if it spells valid text in the
/// other encoding and enough of it cannot be chance; "â€" whose third byte a filter removed becomes
/// ”, which it most often was, and a blank that was a hard one completes a character: "cittÃ ".
/// Source of the idea: Speer, ftfy, 2019; the rules are our own.
/// `text` is valid UTF-8. Concurrent calls: yes.
RepairedText repair_mojibake(std::string_view text);

}  // namespace aludel::curate
