#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "aludel/base/check.h"

namespace aludel::curate {

/// A pipeline whose way of counting a layer can take, by the name that setting `compat` gives it.
template <class Rule>
struct Compat {
  std::string_view name;
  Rule rule;
};

/// Returns the row of a name. REQUIRES: there is one, which one_of() of the table makes sure of.
template <class Rule>
const Compat<Rule>& compat_named(std::span<const Compat<Rule>> known, std::string_view name) {
  const auto found = std::ranges::find(known, name, &Compat<Rule>::name);
  ALUDEL_CHECK(found != known.end(), "an unknown pipeline passed validation");
  return *found;
}

}  // namespace aludel::curate
