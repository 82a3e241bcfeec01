#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/base/hash.h"
#include "aludel/curate/document/document.h"

namespace aludel::curate {

/// Which documents a dedup layer compares with each other: those of one dump (a crawl: what its
/// source or its archive names, else the source), of one source, or all.
enum class Scope : std::uint8_t { dump, source, global };

/// "dump", "source" or "global". Errors: invalid_argument; `layer` is for the message.
Result<Scope> parse_scope(std::string_view name, std::string_view layer);

/// A number that two documents share when they are compared; 0 for all of them.
std::uint64_t scope_key(Scope scope, const Document& document);

/// A key of a document within its scope: keys of other scopes are never equal to it. With scope key
/// 0 it is the key itself.
Hash128 in_scope(const Hash128& key, std::uint64_t scope);
std::uint64_t in_scope(std::uint64_t key, std::uint64_t scope);

}  // namespace aludel::curate
