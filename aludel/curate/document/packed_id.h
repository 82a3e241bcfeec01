#pragma once

#include <string_view>

#include "aludel/base/hash.h"

namespace aludel::curate {

/// Returns a document's id as 128 bits: the value of 32 hexadecimal digits, which all ids of a run
/// are, or the hash of any other id.
Hash128 packed_id(std::string_view id);

}  // namespace aludel::curate
