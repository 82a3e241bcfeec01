#pragma once

#include <string_view>

#include "aludel/curate/layers/correction/mojibake.h"

namespace aludel::curate {

/// The GBK half of repair_mojibake(): runs of "浣犲ソ锛" (UTF-8 read as GBK) and of "ÄãºÃ" (GBK
/// read as windows-1252 or latin-1) become what they were, "你好，".
RepairedText repair_gbk(std::string_view text);

}  // namespace aludel::curate
