#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "aludel/base/check.h"

namespace aludel::curate {

/// A way of counting that a layer can adopt: its own ("none") or that of another pipeline. `name`
/// is the value of setting `compat` that chooses it.
template <class Rule>
struct Compat {
  std::string_view name;
  Rule rule;
};

/// Returns the row of that name. REQUIRES: there is one; the setting's one_of() makes sure of it.
template <class Rule>
const Compat<Rule>& compat_named(std::span<const Compat<Rule>> known, std::string_view name) {
  const auto found = std::ranges::find(known, name, &Compat<Rule>::name);
  ALUDEL_CHECK(found != known.end(), "an unknown pipeline passed validation");
  return *found;
}

}  // namespace aludel::curate
