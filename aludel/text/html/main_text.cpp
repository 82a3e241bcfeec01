#include "aludel/text/html/main_text.h"

#include <algorithm>
#include <string_view>

namespace aludel::text::html {
namespace {

struct FeatureWeight {
  std::string_view feature;
  float weight;
};

// One row a feature, in the order of Feature, then the bias.
constexpr FeatureWeight kWeights[] = {
#include "aludel/text/html/tables/main_text_weights.inc"
};
static_assert(std::size(kWeights) == kFeatureCount + 1);

}  // namespace

float main_text_score(const FeatureVector& features) {
  float score = kWeights[kFeatureCount].weight;
  for (std::size_t i = 0; i < kFeatureCount; ++i) {
    score += kWeights[i].weight * features[i];
  }
  return score;
}

std::vector<std::uint32_t> choose_main_blocks(const Tree& tree, const std::vector<Block>& blocks) {
  const std::vector<FeatureVector> features = features_of(tree, blocks);
  std::vector<std::uint32_t> chosen;
  bool text_follows = false;
  for (std::size_t i = blocks.size(); i-- > 0;) {
    const bool heading = has_trait(tree.nodes[blocks[i].parent].tag, kHeading);
    if (main_text_score(features[i]) <= 0 || (heading && !text_follows)) continue;
    text_follows = true;
    chosen.push_back(static_cast<std::uint32_t>(i));
  }
  std::reverse(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace aludel::text::html
