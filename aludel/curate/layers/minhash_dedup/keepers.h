#pragma once

// Which documents of a cluster stay.

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aludel::curate::minhash_dedup {

/// The last byte of each value of a signature: enough to estimate how alike two are.
std::string sketch_of(std::span<const std::uint32_t> signature);

/// Jaccard index of two documents by their sketches. REQUIRES: of one size, not empty.
/// Source: Li & König 2010, b-bit MinHash.
double sketch_similarity(std::string_view a, std::string_view b);

/// The quality of a document whose place is settled: it is chosen before all others, and compared
/// with no earlier corpus.
inline constexpr double kSettled = std::numeric_limits<double>::infinity();

/// With how many documents of an earlier corpus one is compared that share a band key with it.
inline constexpr std::size_t kMostOfAKey = 64;

/// Takes the documents of one cluster, best first; a document stays unless it is `min_similarity`
/// like one that stays. So that a huge cluster costs its length, it is compared with the first 64
/// that stay and then with at most 64 for each of its bands, those whose values there are its own;
/// whom it does not meet so, it does not resemble. Of one cluster 16,384 are remembered.
class Keepers {
 public:
  /// `rows` are the values of a band. REQUIRES: a sketch's size is a multiple of it.
  Keepers(double min_similarity, std::size_t rows) : min_similarity_(min_similarity), rows_(rows) {}

  struct Choice {
    std::size_t kept;  // number, among those that stay, of the one that it is most like, or its own
    bool stays;
    double similarity;  // with that one; 1 with itself
  };

  Choice add(std::string_view sketch);

 private:
  template <class Use>
  void for_each_band(std::string_view sketch, Use use) const;

  double min_similarity_;
  std::size_t rows_;
  std::size_t count_ = 0;                                                  // that stay
  std::vector<std::string> kept_;                                          // the first of them
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_band_;  // behind the first 64
};

}  // namespace aludel::curate::minhash_dedup
