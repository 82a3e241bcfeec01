#include "aludel/text/html/main_text.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace aludel::text::html {
namespace {

struct WeightRow {
  std::string_view feature;
  float first;
  float second;
};

// One row a feature, in the order of Feature and ContextFeature, then the biases.
constexpr WeightRow kRows[] = {
#include "aludel/text/html/tables/main_text_weights.inc"
};
static_assert(std::size(kRows) == kSecondInputs + 1);

MainTextWeights make_weights() {
  MainTextWeights weights;
  for (std::size_t i = 0; i < kFeatureCount; ++i) {
    weights.first[i] = kRows[i].first;
  }
  weights.first.back() = std::end(kRows)[-1].first;
  for (std::size_t i = 0; i < weights.second.size(); ++i) {
    weights.second[i] = kRows[i].second;
  }
  return weights;
}

}  // namespace

const MainTextWeights& fitted_weights() {
  static const MainTextWeights weights = make_weights();
  return weights;
}

std::vector<float> first_scores(const std::vector<FeatureVector>& features,
                                const MainTextWeights& weights) {
  std::vector<float> scores;
  scores.reserve(features.size());
  for (const FeatureVector& vector : features) {
    float score = weights.first.back();
    for (std::size_t i = 0; i < kFeatureCount; ++i) {
      score += weights.first[i] * vector[i];
    }
    scores.push_back(score);
  }
  return scores;
}

std::vector<float> main_text_scores(const std::vector<Block>& blocks,
                                    const std::vector<FeatureVector>& features,
                                    const MainTextWeights& weights) {
  const std::vector<ContextVector> context = context_of(blocks, first_scores(features, weights));
  std::vector<float> scores;
  scores.reserve(features.size());
  for (std::size_t block = 0; block < features.size(); ++block) {
    float score = weights.second.back();
    for (std::size_t i = 0; i < kFeatureCount; ++i) {
      score += weights.second[i] * features[block][i];
    }
    for (std::size_t i = 0; i < kContextCount; ++i) {
      score += weights.second[kFeatureCount + i] * context[block][i];
    }
    scores.push_back(score);
  }
  return scores;
}

std::vector<std::uint32_t> choose_main_blocks(const Tree& tree, const std::vector<Block>& blocks,
                                              const std::vector<float>& scores) {
  std::vector<std::uint32_t> chosen;
  bool text_follows = false;
  for (std::size_t i = blocks.size(); i-- > 0;) {
    const bool heading = has_trait(tree.nodes[blocks[i].parent].tag, kHeading);
    if (scores[i] <= 0 || (heading && !text_follows)) continue;
    text_follows = true;
    chosen.push_back(static_cast<std::uint32_t>(i));
  }
  std::reverse(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace aludel::text::html
