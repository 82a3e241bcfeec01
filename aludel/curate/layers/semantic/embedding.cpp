#include "aludel/curate/layers/semantic/embedding.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "aludel/base/rng.h"

namespace aludel::curate::semantic {

std::vector<TermWeight> weigh_terms(const std::vector<text::Term>& terms) {
  std::vector<std::uint32_t> buckets;
  buckets.reserve(terms.size());
  for (const text::Term& term : terms) {
    buckets.push_back(term.bucket);
  }
  std::ranges::sort(buckets);
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

namespace {

/// Returns the eight signs for each value of a random byte.
constexpr std::array<std::array<float, 8>, 256> signs_of_bytes() {
  std::array<std::array<float, 8>, 256> signs{};
  for (std::size_t byte = 0; byte < signs.size(); ++byte) {
    for (std::size_t i = 0; i < 8; ++i) {
      signs[byte][i] = (byte >> i & 1U) != 0 ? 1.0F : -1.0F;
    }
  }
  return signs;
}

constexpr auto kSigns = signs_of_bytes();

}  // namespace

void project(std::span<const TermWeight> weights, std::uint64_t seed, std::span<float> out) {
  std::ranges::fill(out, 0.0F);
  for (const TermWeight& term : weights) {
    Rng signs(seed, term.bucket);
    for (std::size_t word = 0; word < kDimensions; word += 64) {
      std::uint64_t bits = signs.next();
      for (std::size_t at = word; at < word + 64; at += 8, bits >>= 8) {
        const std::array<float, 8>& sign = kSigns[bits & 0xFF];
        for (std::size_t i = 0; i < 8; ++i) {
          out[at + i] += term.weight * sign[i];
        }
      }
    }
  }
  const float length = std::sqrt(dot(out, out));
  for (float& value : out) {
    value /= std::max(length, 1e-6F);
  }
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
