#include "aludel/text/html/main_text.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string_view>

#include "aludel/base/huge_pages.h"
#include "aludel/text/html/line_number.h"
#include "aludel/text/html/record.h"

namespace aludel::text::html {
namespace {

struct WeightRow {
  std::string_view feature;
  float first;
  float second;
};

// One row for each feature, in the order of Feature and ContextFeature, then the biases.
constexpr WeightRow kWeightRows[] = {
#include "aludel/text/html/tables/main_text_weights.inc"
};
static_assert(std::size(kWeightRows) == kSecondInputs + 1);

MainTextWeights make_weights() {
  MainTextWeights weights;
  for (std::size_t i = 0; i < kFeatureCount; ++i) {
    weights.first[i] = kWeightRows[i].first;
  }
  weights.first.back() = std::end(kWeightRows)[-1].first;
  for (std::size_t i = 0; i < weights.second.size(); ++i) {
    weights.second[i] = kWeightRows[i].second;
  }
  return weights;
}

// Returns the sum of the weighted features.
// OPTIMIZATION: eight sums side by side, because a single sum waits for each addition.
float weighted_sum(const FeatureVector& features, const float* weights) {
  constexpr std::size_t kLanes = 8;
  std::array<float, kLanes> sums{};
  std::size_t i = 0;
  for (; i + kLanes <= kFeatureCount; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] += weights[i + lane] * features[i + lane];
    }
  }
  for (; i < kFeatureCount; ++i) {
    sums[i % kLanes] += weights[i] * features[i];
  }
  return std::accumulate(sums.begin(), sums.end(), 0.0F);
}

}  // namespace

const MainTextWeights& fitted_weights() {
  static const MainTextWeights weights = make_weights();
  return weights;
}

OwnScore own_score(const FeatureVector& features, const MainTextWeights& weights) {
  return {weights.first.back() + weighted_sum(features, weights.first.data()),
          weights.second.back() + weighted_sum(features, weights.second.data())};
}

std::vector<float> main_text_scores(const std::vector<Block>& blocks,
                                    const std::vector<OwnScore>& own,
                                    const MainTextWeights& weights) {
  std::vector<float> first;
  reserve_large(first, own.size());
  for (const OwnScore& score : own) {
    first.push_back(score.first);
  }
  const PageContext context(blocks, first);
  std::vector<float> scores;
  reserve_large(scores, own.size());
  for (std::size_t block = 0; block < own.size(); ++block) {
    const ContextVector around = context.of(block);
    float score = own[block].second;
    for (std::size_t i = 0; i < kContextCount; ++i) {
      score += weights.second[kFeatureCount + i] * around[i];
    }
    scores.push_back(score);
  }
  return scores;
}

std::vector<float> main_text_scores(const Tree& tree, const std::vector<Block>& blocks,
                                    const MainTextWeights& weights) {
  PageFeatures features(tree, blocks);
  std::vector<OwnScore> own;
  reserve_large(own, blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    own.push_back(own_score(features.next(), weights));
  }
  return main_text_scores(blocks, own, weights);
}

std::vector<std::uint32_t> choose_main_blocks(const Tree& tree, const std::vector<Block>& blocks,
                                              const std::vector<float>& scores, Comments comments) {
  std::vector<bool> wanted;
  wanted.reserve(blocks.size());
  for (const float score : scores) {
    wanted.push_back(score > 0);
  }
  for (const std::uint32_t number : counting_blocks(tree, blocks)) {
    wanted[number] = false;
  }
  settle_records(tree, blocks, wanted);
  settle_regions(tree, blocks, comments, wanted);
  std::vector<std::uint32_t> chosen;
  bool text_follows = false;
  for (std::size_t i = blocks.size(); i-- > 0;) {
    const bool heading = has_trait(tree.nodes[blocks[i].parent].tag, kHeading);
    if (!wanted[i] || (heading && !text_follows)) continue;
    text_follows = true;
    chosen.push_back(static_cast<std::uint32_t>(i));
  }
  std::reverse(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace aludel::text::html
