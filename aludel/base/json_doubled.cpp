#include "aludel/base/json_doubled.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace aludel {

std::optional<std::string> doubled_member(const Json& value) {
  if (value.is_array()) {
    for (const Json& item : value.as_array()) {
      if (auto found = doubled_member(item)) return found;
    }
  }
  if (!value.is_object()) return std::nullopt;
  std::vector<std::string_view> names;
  names.reserve(value.as_object().size());
  for (const auto& [name, member] : value.as_object()) {
    if (auto found = doubled_member(member)) return name + "." + *found;
    names.push_back(name);
  }
  std::ranges::sort(names);
  const auto twin = std::ranges::adjacent_find(names);
  if (twin == names.end()) return std::nullopt;
  return std::string(*twin);
}

}  // namespace aludel
