#pragma once

// Documents that say the same, or were fetched from the same address.

#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/base/hash.h"

namespace aludel::curate::exact_dedup {

/// Hash of the words and symbols of a text: case and white space do not count.
Hash128 text_fingerprint(std::string_view text);

/// What is known of one document.
struct Copy {
  Hash128 text;
  Hash128 url;         // zero without an address
  std::uint64_t time;  // of the capture: capture_time.h
};

/// A document to drop, and the document that stays instead of it.
struct Duplicate {
  std::size_t document;
  std::size_t kept;
  std::string_view reason;  // duplicate or duplicate_url
};

/// Of equal texts the first stays; then of equal addresses the newest, among equals the first.
/// The result is sorted by document.
std::vector<Duplicate> find_duplicates(const std::vector<Copy>& copies);

}  // namespace aludel::curate::exact_dedup
