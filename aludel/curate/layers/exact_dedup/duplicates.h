#pragma once

// Finds documents with the same text or the same address.

#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/base/hash.h"

namespace aludel::curate::exact_dedup {

/// Returns a hash of the words and symbols of a text, without case and white space.
Hash128 text_fingerprint(std::string_view text);

/// What the comparison needs of one document.
struct Copy {
  Hash128 text;
  Hash128 url;         // zero if it has no address
  std::uint64_t time;  // capture_time()
};

/// A document to drop, and the document to keep instead.
struct Duplicate {
  std::size_t document;
  std::size_t kept;
  std::string_view reason;  // duplicate or duplicate_url
};

/// Keeps the first document of each text; then among those the newest of each address (on a tie the
/// first). Returns the others, sorted by document.
std::vector<Duplicate> find_duplicates(const std::vector<Copy>& copies);

}  // namespace aludel::curate::exact_dedup
