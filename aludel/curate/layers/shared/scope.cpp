#include "aludel/curate/layers/shared/scope.h"

#include <algorithm>

#include "aludel/base/check.h"

namespace aludel::curate {

Scope scope_named(std::string_view name) {
  const auto* const found = std::ranges::find(kScopes, name, &NamedScope::name);
  ALUDEL_CHECK(found != std::end(kScopes), "an unknown scope passed validation");
  return found->scope;
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
