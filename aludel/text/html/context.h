#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/text/html/block.h"

/// What the scores of the blocks around a block say about it: main text stands together.
/// Source: stacked sequential learning, Cohen & Carvalho 2005 (IJCAI).
namespace aludel::text::html {

/// Scores are log-odds, limited to -4..4 (-4 outside the page), where not said otherwise.
enum ContextFeature : std::uint8_t {
  kPreviousScore,
  kNextScore,
  kSecondPreviousScore,
  kSecondNextScore,
  kNearScore,    // sum of the three before and the three after, over 6
  kWideScore,    // of ten and ten, over 20
  kLowerScore,   // the lower one of the previous and the next
  kExpectedBefore,  // share of the page's expected main text that lies before, 0 to 1
  kExpectedAfter,   // after
  kSiblingScore,  // mean of the other blocks under the same element; 0 without
  kHighestScore,  // of the page
  kLogExpected,   // logarithm of base 2 of the page's expected main text
  kOwnScore,      // not limited
  kContextCount
};

using ContextVector = std::array<float, kContextCount>;

/// One vector a block from one score a block. Time is linear in blocks.
std::vector<ContextVector> context_of(const std::vector<Block>& blocks,
                                      const std::vector<float>& scores);

/// Its name in the table of weights, e.g. "previous_score".
std::string_view context_name(std::size_t feature);

}  // namespace aludel::text::html
