#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/base/result.h"

namespace aludel::curate {

/// A pipeline whose way of counting a layer can take, by the name that setting `compat` gives it.
template <class Rule>
struct Compat {
  std::string_view name;
  Rule rule;
};

/// Errors: invalid_argument for an unknown name, with the nearest known one.
template <class Rule>
Result<const Compat<Rule>*> find_compat(std::span<const Compat<Rule>> known,
                                        std::string_view name) {
  std::vector<std::string> names;
  for (const Compat<Rule>& compat : known) {
    if (compat.name == name) return &compat;
    names.emplace_back(compat.name);
  }
  return Error{Code::invalid_argument,
               fmt::format("[compat] unknown '{}'{}", name, name_hint(name, names))};
}

}  // namespace aludel::curate
