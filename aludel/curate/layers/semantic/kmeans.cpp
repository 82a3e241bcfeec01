#include "aludel/curate/layers/semantic/kmeans.h"

#include <algorithm>
#include <cmath>

#include "aludel/base/hash.h"
#include "aludel/base/rng.h"
#include "aludel/base/stop.h"
#include "aludel/curate/layers/semantic/embedding.h"

namespace aludel::curate::semantic {
namespace {

constexpr std::size_t kBlock = 256;           // points in one task
constexpr std::size_t kPointsOfCentre = 256;  // more do not move a centre much
constexpr std::size_t kMostSampled = 32'768;
constexpr std::uint64_t kSampleSalt = 0x63656E7472657300;  // "centres"

Error stopped() {
  return {Code::cancelled, "[semantic] stopped"};
}

Result<Points> choose_centres(const Points& points, std::size_t clusters, std::uint64_t seed) {
  Points centres(points.dimensions());
  Rng random(seed, 0);
  std::vector<double> distance(points.size(), 2);  // 1 - cosine to the nearest centre so far
  std::size_t chosen = random.below(points.size());
  for (;;) {
    std::ranges::copy(points[chosen], centres.add().begin());
    if (centres.size() == clusters) return centres;
    if (stop_requested()) return stopped();
    double sum = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double to_new = 1 - static_cast<double>(dot(points[i], points[chosen]));
      distance[i] = std::clamp(to_new, 0.0, distance[i]);
      sum += distance[i];
    }
    double rest = random.uniform() * sum;
    chosen = 0;
    while (chosen + 1 < points.size() && (rest -= distance[chosen]) >= 0)
      ++chosen;
  }
}

/// Moves every centre to the direction of the sum of its points, in their order.
void move_centres(const Points& points, const std::vector<Assignment>& assignments,
                  Points& centres) {
  Points sums(points.dimensions());
  for (std::size_t i = 0; i < centres.size(); ++i) {
    sums.add();
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto sum = sums[assignments[i].nearest];
    for (std::size_t d = 0; d < sum.size(); ++d) {
      sum[d] += points[i][d];
    }
  }
  for (std::size_t i = 0; i < centres.size(); ++i) {
    const float length = std::sqrt(dot(sums[i], sums[i]));
    if (length < 1e-6F) continue;
    for (std::size_t d = 0; d < points.dimensions(); ++d) {
      centres[i][d] = sums[i][d] / length;
    }
  }
}

}  // namespace

std::span<float> Points::add() {
  values_.resize(values_.size() + dimensions_, 0.0F);
  return (*this)[size() - 1];
}

std::size_t most_sampled(std::size_t clusters) {
  return std::min(kPointsOfCentre * clusters, std::max(kMostSampled, clusters));
}

bool is_in_sample(std::string_view id, std::uint64_t seed, std::uint64_t documents,
                  std::size_t most) {
  if (documents <= most) return true;
  const double share = static_cast<double>(most) / static_cast<double>(documents);
  return Rng(seed, hash64(id, kSampleSalt)).uniform() < share;
}

Assignment nearest_centres(std::span<const float> point, const Points& centres) {
  Assignment found{0, 0, -2};
  float second = -2;
  for (std::uint32_t centre = 0; centre < centres.size(); ++centre) {
    const float similarity = dot(point, centres[centre]);
    if (similarity > found.similarity) {
      second = found.similarity;
      found.second = found.nearest;
      found.nearest = centre;
      found.similarity = similarity;
    } else if (similarity > second) {
      second = similarity;
      found.second = centre;
    }
  }
  return found;
}

std::vector<Assignment> assign(const Points& points, const Points& centres, Threads& threads) {
  std::vector<Assignment> assignments(points.size());
  threads.parallel_for((points.size() + kBlock - 1) / kBlock, [&](std::size_t block) {
    if (stop_requested()) return;
    const std::size_t end = std::min(points.size(), (block + 1) * kBlock);
    for (std::size_t i = block * kBlock; i < end; ++i) {
      assignments[i] = nearest_centres(points[i], centres);
    }
  });
  return assignments;
}

Result<Points> find_centres(const Points& sample, std::size_t clusters, std::size_t rounds,
                            std::uint64_t seed, Threads& threads) {
  Points centres = ALUDEL_TRY(choose_centres(sample, clusters, seed));
  std::vector<Assignment> before;
  for (std::size_t round = 0; round < rounds; ++round) {
    std::vector<Assignment> now = assign(sample, centres, threads);
    if (stop_requested()) return stopped();
    // Equal sums would move the centres to where they are.
    if (std::ranges::equal(before, now, {}, &Assignment::nearest, &Assignment::nearest)) break;
    move_centres(sample, now, centres);
    before = std::move(now);
  }
  return centres;
}

}  // namespace aludel::curate::semantic
