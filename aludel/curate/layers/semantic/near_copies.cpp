#include "aludel/curate/layers/semantic/near_copies.h"

#include <algorithm>

namespace aludel::curate::semantic {
namespace {

constexpr double kProjectionError = 0.12;  // two deviations at a cosine of 0.6

using Group = std::vector<std::size_t>;

void sort_best_first(Group& group, const Meanings& meanings) {
  std::ranges::sort(group, [&](std::size_t a, std::size_t b) {
    if (meanings.qualities[a] != meanings.qualities[b]) {
      return meanings.qualities[a] > meanings.qualities[b];
    }
    return meanings.ids[a] < meanings.ids[b];
  });
}

/// Splits the group by the signs of the points' values until it is small enough.
void part(Group group, const Meanings& meanings, std::size_t dimension, std::vector<Group>& parts) {
  if (group.size() <= kMostCompared) {
    if (group.size() > 1) parts.push_back(std::move(group));
    return;
  }
  if (dimension == meanings.points.dimensions()) {
    sort_best_first(group, meanings);
    for (std::size_t begin = 0; begin < group.size(); begin += kMostCompared) {
      const std::size_t size = std::min(kMostCompared, group.size() - begin);
      const auto first = group.begin() + static_cast<std::ptrdiff_t>(begin);
      parts.emplace_back(first, first + static_cast<std::ptrdiff_t>(size));
    }
    return;
  }
  Group negative;
  Group positive;
  for (const std::size_t item : group) {
    (meanings.points[item][dimension] < 0 ? negative : positive).push_back(item);
  }
  part(std::move(negative), meanings, dimension + 1, parts);
  part(std::move(positive), meanings, dimension + 1, parts);
}

/// Returns the documents of a group that are near-copies of a better one in it.
std::vector<NearCopy> copies_of(Group group, const Meanings& meanings) {
  sort_best_first(group, meanings);
  std::vector<Compared> compared;
  for (const std::size_t item : group) {
    compared.push_back({meanings.points[item], meanings.min_similarities[item]});
  }
  auto copies = copies_in(compared, [&](std::size_t a, std::size_t b) {
    return Result<double>(cosine(meanings.terms[group[a]], meanings.terms[group[b]]));
  });
  for (NearCopy& copy : copies.value()) {
    copy.document = group[copy.document];
    copy.kept = group[copy.kept];
  }
  return std::move(copies).value();
}

}  // namespace

Result<std::vector<NearCopy>> copies_in(std::span<const Compared> group, const ExactCosine& exact) {
  std::vector<NearCopy> copies;
  std::vector<std::size_t> kept;
  for (std::size_t item = 0; item < group.size(); ++item) {
    NearCopy nearest{item, item, group[item].min_similarity};
    for (const std::size_t other : kept) {
      const auto estimate = static_cast<double>(dot(group[item].point, group[other].point));
      if (estimate < nearest.similarity - kProjectionError) continue;
      const double similarity = ALUDEL_TRY(exact(item, other));
      if (similarity >= nearest.similarity) nearest = {item, other, similarity};
    }
    if (nearest.kept == item) {
      kept.push_back(item);
    } else {
      copies.push_back(nearest);
    }
  }
  return copies;
}

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
    part(std::move(group), meanings, 0, groups);
  }
  std::vector<std::vector<NearCopy>> found(groups.size());
  threads.parallel_for(groups.size(), [&](std::size_t group) {
    found[group] = copies_of(std::move(groups[group]), meanings);
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
