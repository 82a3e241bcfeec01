#pragma once

#include <cstdint>

#include "aludel/text/ngram_lm/ngram_file.h"

// Looking n-grams up in a table of a model file.
namespace aludel::text {

/// What an entry says, as numbers.
struct NgramValues {
  float probability = 0;
  float backoff = 0;
};

/// One order's table in mapped bytes. REQUIRES: the last slot is empty, places < slots.
template <class Entry>
struct NgramTable {
  const Entry* slots = nullptr;
  NgramTableInfo info;

  const Entry* place(std::uint64_t key) const {
    return slots + place_of_key(stored_key(key), info.places);
  }

  void prefetch(std::uint64_t key) const { __builtin_prefetch(place(key)); }

  bool find(std::uint64_t key, NgramValues& values) const;
};

template <>
inline bool NgramTable<ExactEntry>::find(std::uint64_t key, NgramValues& values) const {
  key = stored_key(key);
  for (const ExactEntry* entry = place(key); entry->key != 0; ++entry) {
    if (entry->key != key) continue;
    values = {entry->probability, entry->backoff};
    return true;
  }
  return false;
}

template <>
inline bool NgramTable<PackedEntry>::find(std::uint64_t key, NgramValues& values) const {
  const std::uint64_t fingerprint = fingerprint_of(stored_key(key));
  for (const PackedEntry* entry = place(key); entry->bits != 0; ++entry) {
    if (entry->bits >> (2 * kPackedValueBits) != fingerprint) continue;
    values = {info.probability.value((entry->bits >> kPackedValueBits) & kPackedValueMask),
              info.backoff.value(entry->bits & kPackedValueMask)};
    return true;
  }
  return false;
}

}  // namespace aludel::text
