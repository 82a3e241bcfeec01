#include "aludel/curate/layers/shared/scope.h"

#include <algorithm>

#include <fmt/format.h>

namespace aludel::curate {

Result<Scope> parse_scope(std::string_view name, std::string_view layer) {
  const auto* const found = std::ranges::find(kScopes, name, &NamedScope::name);
  if (found != std::end(kScopes)) return found->scope;
  return Error{Code::invalid_argument,
               fmt::format("[{}] scope is '{}', expected dump, source or global", layer, name)};
}

std::uint64_t scope_key(Scope scope, const Document& document) {
  if (scope == Scope::global) return 0;
  // Different hash seeds, so a source and a dump of equal name never share a key.
  if (scope == Scope::dump && !document.dump.empty()) return hash64(document.dump, 1);
  return hash64(document.source, 2);
}

Hash128 in_scope(const Hash128& key, std::uint64_t scope) {
  return {key.high ^ scope, key.low ^ scope};
}

std::uint64_t in_scope(std::uint64_t key, std::uint64_t scope) {
  return key ^ scope;
}

}  // namespace aludel::curate
