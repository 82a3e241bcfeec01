#pragma once

#include <optional>
#include <string>

#include "aludel/base/json.h"

namespace aludel {

/// The first member that an object, or a value anywhere in it, has twice, as
/// "rope_scaling.factor"; parse_json keeps both, and programs differ in which of them counts.
std::optional<std::string> doubled_member(const Json& value);

}  // namespace aludel
