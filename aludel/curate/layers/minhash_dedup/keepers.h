#pragma once

// Which documents of a cluster stay.

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
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
/// like one that stays. At most 64 stay of a cluster where that may be above 0, so that a huge one
/// costs its length.
class Keepers {
 public:
  explicit Keepers(double min_similarity) : min_similarity_(min_similarity) {}

  struct Choice {
    std::size_t kept;  // number, among those that stay, of the one that it is most like, or its own
    bool stays;
    double similarity;  // with that one; 1 with itself
  };

  Choice add(std::string_view sketch);

 private:
  double min_similarity_;
  std::vector<std::string> kept_;
};

}  // namespace aludel::curate::minhash_dedup
