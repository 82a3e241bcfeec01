#pragma once

// MinHash signatures: a few hundred bytes a document that tell how alike two documents are.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace aludel::curate::minhash_dedup {

/// Returns the hashes of all runs of `width` words (a code point of a script without spaces is a
/// word; symbols and case do not count). A text with fewer words is one shingle; without words it
/// has none.
std::vector<std::uint64_t> shingles(std::string_view text, std::size_t width);

/// A family of `hashes` functions of a shingle x = (high, low): multiplier * low + addend * high
/// mod 2^32. Each puts hashed shingles into a random order. Source: Broder 1997; multiply-shift:
/// Dietzfelbinger et al. 1997.
class SignatureHashes {
 public:
  SignatureHashes(std::size_t hashes, std::uint64_t seed);

  std::size_t hashes() const { return hashes_; }

  /// Returns the smallest value of each function over the shingles; all ones without shingles.
  /// Uses the widest vectors of this CPU. Concurrent calls: yes.
  std::vector<std::uint32_t> signature(std::span<const std::uint64_t> shingles) const;

  /// Returns the same, computed one value at a time: the reference of signature().
  std::vector<std::uint32_t> signature_reference(std::span<const std::uint64_t> shingles) const;

 private:
  std::size_t hashes_;
  std::vector<std::uint32_t> low_multiplier_;  // padded to a whole number of vectors
  std::vector<std::uint32_t> high_multiplier_;
};

/// Returns one 64-bit key for each band of `rows` values. Keys depend on `scope`: bands of two
/// scopes have different keys. REQUIRES: signature.size() is a multiple of rows.
std::vector<std::uint64_t> band_keys(std::span<const std::uint32_t> signature, std::size_t rows,
                                     std::uint64_t scope = 0);

}  // namespace aludel::curate::minhash_dedup
