#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/hash.h"

namespace aludel::curate {

/// Returns the hash of a word's bytes; its high bits are the best mixed. It is injective for words
/// of up to 8 bytes without NUL; two longer words collide with probability 2^-64. `readable` bytes
/// may be read from word.data() on.
inline std::uint64_t word_hash(std::string_view word, std::size_t readable);

inline constexpr std::uint64_t kHashFactor = 0x9E3779B97F4A7C15U;  // 2^64 / golden ratio, odd

/// Returns word_hash() of a word of more than 8 bytes.
std::uint64_t long_word_hash(std::string_view word);

/// Ids and counts of things, numbered from 0 in the order of their first occurrence. A thing is
/// given by its 64-bit hash; two things with the same hash (probability 2^-64) become one.
class WordIds {
 public:
  explicit WordIds(std::size_t expected);

  /// Counts a thing and returns its id. REQUIRES: hash != 0.
  std::uint32_t add(std::uint64_t hash) {
    std::size_t slot = hash >> shift_;
    while (hashes_[slot] != hash) {
      if (hashes_[slot] == 0) return insert(slot, hash);
      slot = (slot + 1) & mask_;
    }
    const std::uint32_t id = ids_[slot];
    ++counts_[id];
    return id;
  }

  std::size_t size() const { return counts_.size(); }

  /// Returns by id how often a thing was added.
  std::span<const std::uint32_t> counts() const { return counts_; }

 private:
  std::uint32_t insert(std::size_t slot, std::uint64_t hash);
  void grow();

  std::vector<std::uint64_t> hashes_;  // open addressing; 0 is an empty slot
  std::vector<std::uint32_t> ids_;     // by slot
  std::vector<std::uint32_t> counts_;
  std::size_t mask_ = 0;
  unsigned shift_ = 0;
};

inline std::uint64_t word_hash(std::string_view word, std::size_t readable) {
  if (word.size() > 8) return long_word_hash(word);
  std::uint64_t bytes = 0;
  if (readable < 8) {
    std::memcpy(&bytes, word.data(), word.size());
  } else {
    std::memcpy(&bytes, word.data(), 8);  // OPTIMIZATION: one load, whatever the size
    bytes &= ~std::uint64_t{0} >> (64 - 8 * word.size());
  }
  return bytes * kHashFactor;
}

}  // namespace aludel::curate
