#pragma once

// Clusters points by spherical k-means.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"

namespace aludel::curate::semantic {

/// Points of equal dimensions, stored one after the other.
class Points {
 public:
  explicit Points(std::size_t dimensions) : dimensions_(dimensions) {}

  std::size_t size() const { return values_.size() / dimensions_; }

  std::size_t dimensions() const { return dimensions_; }

  void reserve(std::size_t points) { values_.reserve(points * dimensions_); }

  /// Appends a point of zeros.
  std::span<float> add();

  std::span<const float> operator[](std::size_t point) const {
    return std::span(values_).subspan(point * dimensions_, dimensions_);
  }

  std::span<float> operator[](std::size_t point) {
    return std::span(values_).subspan(point * dimensions_, dimensions_);
  }

 private:
  std::size_t dimensions_;
  std::vector<float> values_;
};

/// The two centres nearest to a point. Both are the same if there is one centre.
struct Assignment {
  std::uint32_t nearest = 0;
  std::uint32_t second = 0;
  float similarity = 0;  // to the nearest
};

struct Clustering {
  Points centres;
  std::vector<Assignment> assignments;  // of every point
};

/// Returns the largest number of points that move the centres: 256 for each (as in FAISS, Johnson
/// et al. 2017, arXiv:1702.08734), but at most 32,768 (32 MiB) or one for each, whichever is more.
std::size_t most_sampled(std::size_t clusters);

/// True if a document is among the roughly `most` of `documents` that move the centres. Depends on
/// seed and id only, and is true for all if there are at most `most`.
bool is_in_sample(std::string_view id, std::uint64_t seed, std::uint64_t documents,
                  std::size_t most);

/// Finds centres of points of length 1, by cosine: k-means++ seeding, then at most `rounds` of
/// Lloyd's algorithm, which ends earlier where no point changes its cluster. An empty cluster keeps
/// its centre. The result does not depend on the number of threads. REQUIRES: sample.size() > 0,
/// 0 < clusters <= sample.size(). Errors: cancelled. Sources: Lloyd 1982; Arthur & Vassilvitskii
/// 2007.
Result<Points> find_centres(const Points& sample, std::size_t clusters, std::size_t rounds,
                            std::uint64_t seed, Threads& threads);

/// Returns the two centres nearest to a point.
Assignment nearest_centres(std::span<const float> point, const Points& centres);

/// Returns nearest_centres() of every point; of some only where a stop was asked for.
std::vector<Assignment> assign(const Points& points, const Points& centres, Threads& threads);

}  // namespace aludel::curate::semantic
