#include "aludel/base/neutral_member.h"

#include <algorithm>

#include <fmt/format.h>

namespace aludel {

bool is_neutral(std::span<const NeutralMember> list, std::string_view name, const Json& value) {
  const std::string text =
      value.is_number() ? fmt::format("{:g}", value.as_number()) : value.dump();
  return std::ranges::any_of(
      list, [&](const NeutralMember& row) { return row.name == name && row.value == text; });
}

std::string neutral_values(std::span<const NeutralMember> list, std::string_view name) {
  std::string values;
  for (const NeutralMember& row : list) {
    if (row.name == name) values += fmt::format("{}{}", values.empty() ? "" : " or ", row.value);
  }
  return values;
}

}  // namespace aludel
