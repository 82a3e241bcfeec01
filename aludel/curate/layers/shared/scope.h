#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/base/hash.h"
#include "aludel/curate/document/document.h"

namespace aludel::curate {

/// The documents that a dedup layer compares with each other: those of one dump (the crawl that the
/// source or the archive names, else the source), those of one source, or all.
enum class Scope : std::uint8_t { dump, source, global };

struct NamedScope {
  std::string_view name;
  Scope scope;
};

inline constexpr NamedScope kScopes[] = {
    {"dump", Scope::dump}, {"source", Scope::source}, {"global", Scope::global}};

/// REQUIRES: one of kScopes has that name.
Scope scope_named(std::string_view name);

/// Returns a number that is equal for documents to compare; 0 for all if the scope is global.
std::uint64_t scope_key(Scope scope, const Document& document);

/// Returns a document's key within its scope, which differs from all keys of other scopes. With
/// scope key 0 it is the key itself.
Hash128 in_scope(const Hash128& key, std::uint64_t scope);
std::uint64_t in_scope(std::uint64_t key, std::uint64_t scope);

}  // namespace aludel::curate
