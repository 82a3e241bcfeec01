#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/context.h"
#include "aludel/text/html/feature.h"
#include "aludel/text/html/region.h"
#include "aludel/text/html/tree.h"

/// Which blocks of a page are its main text: two logistic regressions, the second of which also
/// sees how the first has scored the blocks around.
namespace aludel::text::html {

/// Inputs of the second regression: a FeatureVector, then a ContextVector.
inline constexpr std::size_t kSecondInputs = std::size_t{kFeatureCount} + kContextCount;

struct MainTextWeights {
  std::array<float, kFeatureCount + 1> first{};  // the last is the bias
  std::array<float, kSecondInputs + 1> second{};
};

/// The weights that `weights_bench` has fitted to annotated pages.
const MainTextWeights& fitted_weights();

/// Log-odds that a block is main text, by itself: of the first regression, and what the second has
/// before it looks around.
struct OwnScore {
  float first = 0;
  float second = 0;
};

OwnScore own_score(const FeatureVector& features, const MainTextWeights& weights);

/// Log-odds that each block is main text. Time is linear in blocks.
std::vector<float> main_text_scores(const std::vector<Block>& blocks,
                                    const std::vector<OwnScore>& own,
                                    const MainTextWeights& weights);

/// The same from the page, with its features made and dropped one block at a time.
std::vector<float> main_text_scores(const Tree& tree, const std::vector<Block>& blocks,
                                    const MainTextWeights& weights);

/// Indices of the blocks with a score above 0, ascending. Headings without text under them are left
/// out, and line numbers.
std::vector<std::uint32_t> choose_main_blocks(const Tree& tree, const std::vector<Block>& blocks,
                                              const std::vector<float>& scores,
                                              Comments comments = Comments::drop);

}  // namespace aludel::text::html
