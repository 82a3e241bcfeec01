#pragma once

#include <span>
#include <string>
#include <string_view>

#include "aludel/base/json.h"

// Members of JSON objects that a program does not honour, and may pass over where they ask for
// nothing.
namespace aludel {

/// A member, and the JSON of a value with which it asks for nothing; one that has several such
/// values stands in a list several times.
struct NeutralMember {
  std::string_view name;
  std::string_view value;
};

/// Whether a member is listed with this value. Numbers are compared as numbers: 1.0 is 1.
bool is_neutral(std::span<const NeutralMember> list, std::string_view name, const Json& value);

/// The values of a member that is listed, "0 or 1"; empty for one that is not.
std::string neutral_values(std::span<const NeutralMember> list, std::string_view name);

}  // namespace aludel
