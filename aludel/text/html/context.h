#pragma once

#include <array>
#include <cstddef>
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
  kNearScore,       // sum of the three before and the three after, over 6
  kWideScore,       // of ten and ten, over 20
  kLowerScore,      // the lower one of the previous and the next
  kExpectedBefore,  // share of the page's expected main text that lies before, 0 to 1
  kExpectedAfter,   // after
  kSiblingScore,    // mean of the other blocks under the same element; 0 without
  kHighestScore,    // of the page
  kLogExpected,     // logarithm of base 2 of the page's expected main text
  kOwnScore,        // not limited
  kContextCount
};

using ContextVector = std::array<float, kContextCount>;

/// The contexts of a page's blocks from one score a block. Time is linear in blocks. What it is
/// given must outlive it. For one thread.
class PageContext {
 public:
  PageContext(const std::vector<Block>& blocks, const std::vector<float>& scores);

  ContextVector of(std::size_t block) const;

 private:
  // Of the blocks under one element.
  struct Siblings {
    float sum = 0;
    float count = 0;
  };

  float limited(std::size_t block) const;
  float around(std::size_t block, std::size_t reach) const;

  const std::vector<Block>& blocks_;
  const std::vector<float>& scores_;
  std::vector<double> sums_;        // of the limited scores before each block
  std::vector<double> expected_;    // main text before each block
  std::vector<Siblings> siblings_;  // by element
  double total_ = 1;                // main text of the page and 1
  float log_total_ = 0;
  float highest_ = 0;
};

/// Its name in the table of weights, e.g. "previous_score".
std::string_view context_name(std::size_t feature);

}  // namespace aludel::text::html
