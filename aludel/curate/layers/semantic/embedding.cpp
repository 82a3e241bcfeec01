#include "aludel/curate/layers/semantic/embedding.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace aludel::curate::semantic {

std::vector<TermWeight> weigh_terms(const std::vector<text::Term>& terms) {
  const std::vector<std::uint32_t> buckets = text::sorted_buckets(terms);
  std::vector<TermWeight> weights;
  for (std::size_t i = 0; i < buckets.size();) {
    std::size_t end = i + 1;
    while (end < buckets.size() && buckets[end] == buckets[i])
      ++end;
    weights.push_back({buckets[i], 1 + std::log(static_cast<float>(end - i))});
    i = end;
  }
  return weights;
}

void scale_by_rarity(std::span<TermWeight> weights, const text::TermStatistics& statistics) {
  double squares = 0;
  for (TermWeight& term : weights) {
    term.weight *= static_cast<float>(statistics.rarity(term.bucket));
    squares += static_cast<double>(term.weight) * term.weight;
  }
  const auto scale = static_cast<float>(1 / std::sqrt(std::max(squares, 1e-12)));
  for (TermWeight& term : weights) {
    term.weight *= scale;
  }
}

double cosine(std::span<const TermWeight> a, std::span<const TermWeight> b) {
  double sum = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i].bucket == b[j].bucket) {
      sum += static_cast<double>(a[i++].weight) * b[j++].weight;
    } else if (a[i].bucket < b[j].bucket) {
      ++i;
    } else {
      ++j;
    }
  }
  return sum;
}

float dot(std::span<const float> a, std::span<const float> b) {
  std::array<float, 8> sums{};
  std::size_t i = 0;
  for (; i + 8 <= a.size(); i += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) {
      sums[lane] += a[i + lane] * b[i + lane];
    }
  }
  for (; i < a.size(); ++i) {
    sums[0] += a[i] * b[i];
  }
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

}  // namespace aludel::curate::semantic
