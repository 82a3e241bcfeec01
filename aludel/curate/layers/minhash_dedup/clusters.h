#pragma once

// Which documents share a band, joined into clusters by sorting keys.

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
  std::string cluster;  // the id of its best document
  std::string kept;     // the document that stays instead of this one; `id` when it stays itself
  double similarity;    // Jaccard with `kept`, estimated from the signatures; 1 for itself
  std::string against = {};  // the index that has `kept`, for one of an earlier corpus
};

/// The layer in one process's memory, what its plan must find, too (clusters_plan.h).
/// What dedup keeps of each document: id, quality, signature (a byte a value) and band keys.
class SignatureTable {
 public:
  /// Of each signature, values [band * rows, (band + 1) * rows) make a band.
  explicit SignatureTable(std::size_t rows) : rows_(rows) {}

  /// REQUIRES: every signature has the same size, a multiple of `rows`.
  void add(std::string_view id, double quality, std::span<const std::uint32_t> signature,
           std::uint64_t scope = 0);

  /// Adds all documents of an earlier corpus, which stay. Errors: those of reading.
  Status add_known(const SignatureIndex& index);

  /// Appends the documents of `later`.
  void merge(SignatureTable& later);

  /// Members of all clusters, sorted by id. Documents with an equal band are in one cluster, if
  /// their similarity is at least `min_similarity`; of a band that many share, each is compared
  /// with the first and with the one before in order of id. In order of quality, then of id, a
  /// document stays unless it is that similar to one that stays; with min_similarity 0, one of each
  /// cluster. Before that a document falls that is so similar to one of an earlier corpus: of those
  /// with an equal band in any scope, 64 at each. Time: that of sorting the keys, however many
  /// documents share one. The result does not depend on the order of the documents.
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

  /// What each document is most like in the earlier corpora, null where that is not enough.
  std::vector<std::optional<Member>> find_known(double min_similarity) const;
  void choose(std::vector<std::size_t>& cluster, double min_similarity,
              std::vector<Member>& members) const;

  std::size_t rows_;
  std::size_t hashes_ = 0;
  std::vector<std::string> ids_;
  std::vector<double> qualities_;
  std::vector<std::uint64_t> keys_;        // [document, band]
  std::string sketches_;                   // [document, hash]
  std::vector<std::uint64_t> plain_keys_;  // [document, band], of no scope
  std::vector<Known> known_;
  std::vector<std::string> indexes_;  // their names
};

}  // namespace aludel::curate::minhash_dedup
