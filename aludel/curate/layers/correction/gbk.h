#pragma once

#include <string_view>

#include "aludel/curate/layers/correction/mojibake.h"

namespace aludel::curate {

/// Repairs runs of "浣犲ソ锛" (UTF-8 read as GBK) and of "ÄãºÃ" (GBK read as windows-1252 or
/// latin-1) to "你好，". It is the GBK half of repair_mojibake().
RepairedText repair_gbk(std::string_view text);

}  // namespace aludel::curate
