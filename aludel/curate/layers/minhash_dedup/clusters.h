#pragma once

// Joins documents that share a band into clusters, by sorting keys.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "aludel/base/threads.h"
#include "aludel/curate/layers/minhash_dedup/signature_index.h"

namespace aludel::curate::minhash_dedup {

/// One document of a cluster of two or more.
struct Member {
  std::string id;
  std::string cluster;       // the id of its best document
  std::string kept;          // the document to keep instead of this one; `id` if this one is kept
  double similarity;         // Jaccard with `kept`, estimated from the signatures; 1 for itself
  std::string against = {};  // the index that holds `kept`, if an earlier corpus does
};

/// The layer in the memory of one process: the reference for its plan (clusters_plan.h). It holds
/// id, quality, signature (a byte a value) and band keys of each document.
class SignatureTable {
 public:
  /// Makes an empty table. Values [band * rows, (band + 1) * rows) of a signature make a band.
  explicit SignatureTable(std::size_t rows) : rows_(rows) {}

  /// Adds a document. REQUIRES: every signature has the same size, a multiple of `rows`.
  void add(std::string_view id, double quality, std::span<const std::uint32_t> signature,
           std::uint64_t scope = 0);

  /// Adds all documents of an earlier corpus, which are kept. Errors: those of reading.
  Status add_known(const SignatureIndex& index);

  /// Appends the documents of `later`.
  void merge(SignatureTable& later);

  /// Returns the members of all clusters, sorted by id. First drops each document that is
  /// `min_similarity` like one of an earlier corpus, among those that share a band in any scope, 64
  /// for each band. Then joins documents with an equal band and that similarity into clusters;
  /// compares each document of a band with the first and with the one before, in order of id. In
  /// each cluster, in order of quality, then of id, keeps a document unless it is that similar to a
  /// kept one; with min_similarity 0 keeps one document. Time: that of sorting the keys, even if
  /// many documents share one. The result does not depend on the order of the documents.
  std::vector<Member> clusters(double min_similarity, Threads& threads) const;

 private:
  std::string_view sketch(std::size_t document) const;
  double similarity(std::size_t a, std::size_t b) const;

  /// A document of an earlier corpus.
  struct Known {
    std::size_t index;
    std::string id;
    std::string sketch;
    std::vector<std::uint64_t> keys;

    auto rank() const { return std::tie(index, id, sketch); }
  };

  /// Returns for each document the most similar one of the earlier corpora; null if it is below
  /// `min_similarity`.
  std::vector<std::optional<Member>> find_known(double min_similarity) const;
  void choose(std::vector<std::size_t>& cluster, double min_similarity,
              std::vector<Member>& members) const;

  std::size_t rows_;
  std::size_t hashes_ = 0;
  std::vector<std::string> ids_;
  std::vector<double> qualities_;
  std::vector<std::uint64_t> keys_;        // [document, band]
  std::string sketches_;                   // [document, hash]
  std::vector<std::uint64_t> plain_keys_;  // [document, band], without scope
  std::vector<Known> known_;
  std::vector<std::string> indexes_;  // names
};

}  // namespace aludel::curate::minhash_dedup
