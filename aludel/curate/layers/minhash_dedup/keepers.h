#pragma once

// Chooses the documents of a cluster to keep.

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aludel::curate::minhash_dedup {

/// Returns the last byte of each value of a signature, enough to estimate how alike two are.
std::string sketch_of(std::span<const std::uint32_t> signature);

/// Estimates the Jaccard index of two documents by their sketches. REQUIRES: equal sizes, not
/// empty. Source: Li & König 2010, b-bit MinHash.
double sketch_similarity(std::string_view a, std::string_view b);

/// The quality of a document that an earlier run has kept. It is chosen before all others, and not
/// compared with earlier corpora.
inline constexpr double kSettled = std::numeric_limits<double>::infinity();

/// Most documents of an earlier corpus with which a document is compared for one band key.
inline constexpr std::size_t kMostOfAKey = 64;

/// The choice in one cluster, whose documents come best first. A document is kept unless it is
/// `min_similarity` like a kept one. So that a huge cluster costs its length, a document is
/// compared with the first 64 kept ones, and then with at most 64 for each of its bands that have
/// equal values there. It counts as different from all others. At most 16,384 kept documents are
/// remembered.
class Keepers {
 public:
  /// Begins a cluster. `rows` is the number of values in a band. REQUIRES: the size of a sketch is
  /// a multiple of it.
  Keepers(double min_similarity, std::size_t rows) : min_similarity_(min_similarity), rows_(rows) {}

  struct Choice {
    std::size_t kept;  // number, among the kept ones, of the most similar one or of itself
    bool stays;
    double similarity;  // with that one; 1 with itself
  };

  /// Decides about the next document.
  Choice add(std::string_view sketch);

 private:
  template <class Use>
  void for_each_band(std::string_view sketch, Use use) const;

  double min_similarity_;
  std::size_t rows_;
  std::size_t count_ = 0;                                                  // kept documents
  std::vector<std::string> kept_;                                          // sketches of the first
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_band_;  // behind the first 64
};

}  // namespace aludel::curate::minhash_dedup
