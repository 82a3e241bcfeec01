#pragma once

// Which documents share a band, joined into clusters by sorting keys.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/threads.h"

namespace aludel::curate::minhash_dedup {

/// One document of a cluster of two or more, and the one of them that is kept.
struct Member {
  std::string id;
  std::string representative;
  double
      similarity;  // Jaccard with the representative, estimated from the signatures; 1 for itself
};

/// What dedup keeps of each document: id, quality, signature (a byte a value) and band keys.
class SignatureTable {
 public:
  /// Of each signature, values [band * rows, (band + 1) * rows) make a band.
  explicit SignatureTable(std::size_t rows) : rows_(rows) {}

  /// REQUIRES: every signature has the same size, a multiple of `rows`.
  void add(std::string_view id, double quality, std::span<const std::uint32_t> signature);

  /// Appends the documents of `later`.
  void merge(SignatureTable& later);

  /// Members of all clusters, sorted by id: documents with an equal band, and a similarity of at
  /// least `min_similarity` to a neighbour in it, are in one cluster. Kept is the one of best
  /// quality, among equals the lowest id. Time: that of sorting the keys, however hot a key is.
  /// The result does not depend on the order of the documents, unless min_similarity is above 0:
  /// then a band's neighbours are its documents in order of id.
  std::vector<Member> clusters(double min_similarity, Threads& threads) const;

 private:
  double similarity(std::size_t a, std::size_t b) const;

  std::size_t rows_;
  std::size_t hashes_ = 0;
  std::vector<std::string> ids_;
  std::vector<double> qualities_;
  std::vector<std::uint64_t> keys_;     // [document, band]
  std::vector<std::uint8_t> sketches_;  // [document, hash]
};

}  // namespace aludel::curate::minhash_dedup
