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

/// Chooses the blocks of a page that are its main text, by two logistic regressions. The second one
/// also sees how the first one has scored the blocks around.
namespace aludel::text::html {

/// Number of inputs of the second regression: a FeatureVector, then a ContextVector.
inline constexpr std::size_t kSecondInputs = std::size_t{kFeatureCount} + kContextCount;

struct MainTextWeights {
  std::array<float, kFeatureCount + 1> first{};  // the last is the bias
  std::array<float, kSecondInputs + 1> second{};
};

/// Returns the weights that `weights_bench` has fitted to annotated pages.
const MainTextWeights& fitted_weights();

/// Log-odds that a block is main text, by its own features: those of the first regression, and
/// those of the second one without the context.
struct OwnScore {
  float first = 0;
  float second = 0;
};

/// Returns the two scores of a block by its features.
OwnScore own_score(const FeatureVector& features, const MainTextWeights& weights);

/// Returns the log-odds that each block is main text. Time is linear in the blocks.
std::vector<float> main_text_scores(const std::vector<Block>& blocks,
                                    const std::vector<OwnScore>& own,
                                    const MainTextWeights& weights);

/// Returns the same for a page. Holds the features of one block at a time.
std::vector<float> main_text_scores(const Tree& tree, const std::vector<Block>& blocks,
                                    const MainTextWeights& weights);

/// Returns the indices of the blocks that are main text, ascending. Begins with the blocks that
/// have a score above 0; then leaves out line numbers and headings without text under them, treats
/// all records alike (record.h), and leaves out regions beside the article (region.h).
std::vector<std::uint32_t> choose_main_blocks(const Tree& tree, const std::vector<Block>& blocks,
                                              const std::vector<float>& scores,
                                              Comments comments = Comments::drop);

}  // namespace aludel::text::html
