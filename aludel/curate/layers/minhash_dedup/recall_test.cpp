// Which near-duplicates MinHash bands find, against brute force and against theory.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/curate/layers/minhash_dedup/signature.h"

namespace aludel::curate::minhash_dedup {
namespace {

constexpr std::size_t kDocuments = 20'000;
constexpr std::size_t kBands = 14;
constexpr std::size_t kRows = 8;

std::string random_word(Rng& rng) {
  return "w" + std::to_string(rng.below(50'000)) + " ";
}

/// Ten versions of each of 2,000 texts, with 0 to 12 of 100 words replaced.
std::vector<std::vector<std::uint64_t>> shingles_of_versions() {
  std::vector<std::vector<std::uint64_t>> all;
  for (std::size_t i = 0; i < kDocuments; ++i) {
    Rng origin(1, i / 10);
    Rng version(2, i);
    const double rate = 0.12 * version.uniform();
    std::string text;
    for (int word = 0; word < 100; ++word) {
      const std::string same = random_word(origin);
      text += version.uniform() < rate ? random_word(version) : same;
    }
    all.push_back(shingles(text, 5));
    std::ranges::sort(all.back());
    const auto end = std::unique(all.back().begin(), all.back().end());
    all.back().erase(end, all.back().end());
  }
  return all;
}

using Pair = std::pair<std::uint32_t, std::uint32_t>;

/// How many shingles each two documents share that share any: brute force over all pairs, by an
/// index.
std::map<Pair, std::uint32_t> common_shingles(
    const std::vector<std::vector<std::uint64_t>>& documents) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> index;
  for (std::uint32_t i = 0; i < documents.size(); ++i) {
    for (const std::uint64_t shingle : documents[i]) {
      index.emplace_back(shingle, i);
    }
  }
  std::ranges::sort(index);
  std::map<Pair, std::uint32_t> common;
  for (std::size_t begin = 0, end = 0; begin < index.size(); begin = end) {
    while (end < index.size() && index[end].first == index[begin].first) {
      ++end;
    }
    for (std::size_t a = begin; a < end; ++a) {
      for (std::size_t b = a + 1; b < end; ++b) {
        ++common[{index[a].second, index[b].second}];
      }
    }
  }
  return common;
}

TEST(MinhashRecall, OfTwentyThousandDocumentsIsThatOfTheory) {
  const auto documents = shingles_of_versions();
  const SignatureHashes hashes(kBands * kRows, 1);
  std::vector<std::vector<std::uint64_t>> keys;
  keys.reserve(documents.size());
  for (const auto& document : documents) {
    keys.push_back(band_keys(hashes.signature(document), kRows));
  }

  struct Bin {
    double pairs = 0;
    double found = 0;
    double expected = 0;
    double variance = 0;
  };

  std::array<Bin, 10> bins;  // by tenths of the Jaccard index
  for (const auto& [pair, count] : common_shingles(documents)) {
    const auto& [a, b] = pair;
    const auto all = static_cast<double>(documents[a].size() + documents[b].size() - count);
    const double jaccard = count / all;
    bool is_found = false;
    for (std::size_t band = 0; band < kBands; ++band) {
      is_found = is_found || keys[a][band] == keys[b][band];
    }
    Bin& bin = bins.at(std::min<std::size_t>(static_cast<std::size_t>(jaccard * 10), 9));
    const double theory = 1 - std::pow(1 - std::pow(jaccard, static_cast<double>(kRows)),
                                       static_cast<double>(kBands));
    bin.pairs += 1;
    bin.found += is_found ? 1 : 0;
    bin.expected += theory;
    bin.variance += theory * (1 - theory);
  }
  for (std::size_t tenth = 2; tenth < bins.size(); ++tenth) {
    const Bin& bin = bins.at(tenth);
    RecordProperty("recall_from_0." + std::to_string(tenth), std::to_string(bin.found / bin.pairs));
    EXPECT_GT(bin.pairs, 1000) << tenth;
    // Pairs of one text are not independent, nor are the bands of one seed: a few times the
    // deviation of independent ones.
    EXPECT_NEAR(bin.found / bin.pairs, bin.expected / bin.pairs,
                6 * std::sqrt(bin.variance) / bin.pairs + 0.01)
        << "Jaccard from 0." << tenth << ", " << bin.pairs << " pairs";
  }
  EXPECT_GT(bins[9].found / bins[9].pairs, 0.999);
  EXPECT_GT(bins[8].found / bins[8].pairs, 0.95);
}

}  // namespace
}  // namespace aludel::curate::minhash_dedup
