#pragma once

#include <string_view>

#include "aludel/base/hash.h"

namespace aludel::curate {

/// A document's id in 128 bits: the 32 hexadecimal digits that it has in a run, or the hash of any
/// other.
Hash128 packed_id(std::string_view id);

}  // namespace aludel::curate
