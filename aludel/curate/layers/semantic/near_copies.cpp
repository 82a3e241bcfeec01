#include "aludel/curate/layers/semantic/near_copies.h"

#include <algorithm>

namespace aludel::curate::semantic {
namespace {

constexpr std::size_t kMostCompared = 2048;
constexpr double kProjectionError = 0.12;  // two deviations at a cosine of 0.6

using Group = std::vector<std::size_t>;

/// Parts the group by the signs of the points' values until it is small enough.
void part(Group group, const Points& points, std::size_t dimension, std::vector<Group>& parts) {
  if (group.size() <= kMostCompared || dimension == points.dimensions()) {
    if (group.size() > 1) parts.push_back(std::move(group));
    return;
  }
  Group negative;
  Group positive;
  for (const std::size_t item : group) {
    (points[item][dimension] < 0 ? negative : positive).push_back(item);
  }
  part(std::move(negative), points, dimension + 1, parts);
  part(std::move(positive), points, dimension + 1, parts);
}

/// Those of one group that are near-copies of a better one of it.
std::vector<NearCopy> copies_in(Group group, const Meanings& meanings) {
  std::ranges::sort(group, [&](std::size_t a, std::size_t b) {
    if (meanings.qualities[a] != meanings.qualities[b]) {
      return meanings.qualities[a] > meanings.qualities[b];
    }
    return meanings.ids[a] < meanings.ids[b];
  });
  std::vector<NearCopy> copies;
  Group kept;
  for (const std::size_t item : group) {
    NearCopy nearest{item, item, meanings.min_similarities[item]};
    for (const std::size_t other : kept) {
      const auto estimate = static_cast<double>(dot(meanings.points[item], meanings.points[other]));
      if (estimate < nearest.similarity - kProjectionError) continue;
      const double exact = cosine(meanings.terms[item], meanings.terms[other]);
      if (exact >= nearest.similarity) nearest = {item, other, exact};
    }
    if (nearest.kept == item) {
      kept.push_back(item);
    } else {
      copies.push_back(nearest);
    }
  }
  return copies;
}

}  // namespace

std::vector<NearCopy> find_near_copies(const Meanings& meanings, const Clustering& clustering,
                                       Threads& threads) {
  std::vector<Group> clusters(clustering.centres.size());
  for (std::size_t i = 0; i < clustering.assignments.size(); ++i) {
    const Assignment& assignment = clustering.assignments[i];
    clusters[assignment.nearest].push_back(i);
    if (assignment.second != assignment.nearest) clusters[assignment.second].push_back(i);
  }
  std::vector<Group> groups;
  for (Group& group : clusters) {
    part(std::move(group), meanings.points, 0, groups);
  }
  std::vector<std::vector<NearCopy>> found(groups.size());
  threads.parallel_for(groups.size(), [&](std::size_t group) {
    found[group] = copies_in(std::move(groups[group]), meanings);
  });
  std::vector<NearCopy> all;
  for (const std::vector<NearCopy>& copies : found) {
    all.insert(all.end(), copies.begin(), copies.end());
  }
  std::ranges::stable_sort(all, {}, &NearCopy::document);
  const auto is_same = [](const NearCopy& a, const NearCopy& b) {
    return a.document == b.document;
  };
  all.erase(std::unique(all.begin(), all.end(), is_same), all.end());
  return all;
}

}  // namespace aludel::curate::semantic
