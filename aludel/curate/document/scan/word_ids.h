#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/hash.h"

namespace aludel::curate {

/// Hash of a word's bytes, with its best bits on top: injective up to 8 bytes without NUL, above
/// them equal for different words with probability 2^-64. `readable` is how many bytes may be read
/// from word.data() on.
inline std::uint64_t word_hash(std::string_view word, std::size_t readable);

inline constexpr std::uint64_t kHashFactor = 0x9E3779B97F4A7C15U;  // 2^64 / golden ratio, odd

/// word_hash() of a word above 8 bytes.
std::uint64_t long_word_hash(std::string_view word);

/// Numbers things from 0 in the order of their first occurrence and counts them. Things are given
/// by 64-bit hashes; two of one hash are taken for the same (2^-64 for a pair).
class WordIds {
 public:
  explicit WordIds(std::size_t expected);

  /// The id of what has this hash. REQUIRES: hash != 0.
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

  /// How often each id was added.
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
