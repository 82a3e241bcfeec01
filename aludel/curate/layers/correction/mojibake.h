#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aludel::curate {

/// A repaired text and the number of repairs.
struct RepairedText {
  std::string text;
  std::int64_t repairs = 0;
};

/// Repairs text that was read in the wrong encoding, as long as its bytes are still there: UTF-8
/// read as windows-1252 or latin-1 (up to three times over), as windows-1251 or windows-1250, or as
/// GBK, and GBK read as windows-1252. Changes a run of characters only if it spells valid text in
/// the other encoding and is unlikely to be chance. Turns "â€", whose third byte a filter has
/// removed, into ”, which is most often right. A blank that was a no-break space completes a
/// character: "cittÃ ". Source of the idea: Speer, ftfy, 2019; the rules are our own. `text` is
/// valid UTF-8. Concurrent calls: yes.
RepairedText repair_mojibake(std::string_view text);

}  // namespace aludel::curate
