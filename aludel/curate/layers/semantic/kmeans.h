#pragma once

// Spherical k-means.

#include <cstdint>
#include <span>
#include <vector>

#include "aludel/base/threads.h"

namespace aludel::curate::semantic {

/// Points of one size, one after the other.
class Points {
 public:
  explicit Points(std::size_t dimensions) : dimensions_(dimensions) {}

  std::size_t size() const { return values_.size() / dimensions_; }

  std::size_t dimensions() const { return dimensions_; }

  /// Adds a point of zeros.
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

/// The two centres nearest to a point; both the same when there is one.
struct Assignment {
  std::uint32_t nearest = 0;
  std::uint32_t second = 0;
  float similarity = 0;  // to the nearest
};

struct Clustering {
  Points centres;
  std::vector<Assignment> assignments;  // of every point
};

/// Clusters points of length 1 by cosine: k-means++ seeding, then `rounds` of Lloyd's, an empty
/// cluster keeping its centre. Of more than 256 points a cluster an evenly spaced sample of so many
/// moves the centres (as in FAISS, Johnson et al. 2017, arXiv:1702.08734), so that the cost is
/// linear in the points. The result does not depend on the number of threads. REQUIRES:
/// points.size() > 0, 0 < clusters <= points.size(). Sources: Lloyd 1982; Arthur & Vassilvitskii
/// 2007.
Clustering cluster(const Points& points, std::size_t clusters, std::size_t rounds,
                   std::uint64_t seed, Threads& threads);

}  // namespace aludel::curate::semantic
