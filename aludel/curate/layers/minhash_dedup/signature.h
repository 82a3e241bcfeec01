#pragma once

// MinHash signatures of texts: how alike two documents are, in a few hundred bytes each.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace aludel::curate::minhash_dedup {

/// Hashes of every run of `width` words (a code point of a script without spaces is a word, symbols
/// and case do not count). A text of fewer words is one shingle; one without words has none.
std::vector<std::uint64_t> shingles(std::string_view text, std::size_t width);

/// `hashes` functions of a shingle x = (high, low): multiplier * low + addend * high mod 2^32.
/// Over hashed shingles each is a random order. Source: Broder 1997; multiply-shift: Dietzfelbinger
/// et al. 1997.
class SignatureHashes {
 public:
  SignatureHashes(std::size_t hashes, std::uint64_t seed);

  std::size_t hashes() const { return hashes_; }

  /// signature[i] = the smallest value of function i over the shingles; all ones without shingles.
  /// Uses the widest vectors of this CPU. Concurrent calls: yes.
  std::vector<std::uint32_t> signature(std::span<const std::uint64_t> shingles) const;

  /// The same, one value at a time: what signature() must equal.
  std::vector<std::uint32_t> signature_reference(std::span<const std::uint64_t> shingles) const;

 private:
  std::size_t hashes_;
  std::vector<std::uint32_t> low_multiplier_;  // padded to a whole number of vectors
  std::vector<std::uint32_t> high_multiplier_;
};

/// One 64-bit key for each band of `rows` values, begun with `scope`: bands of two scopes have
/// different keys. REQUIRES: signature.size() is a multiple of rows.
std::vector<std::uint64_t> band_keys(std::span<const std::uint32_t> signature, std::size_t rows,
                                     std::uint64_t scope = 0);

}  // namespace aludel::curate::minhash_dedup
