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

/// Features of the blocks around a block. A score is in log-odds, limited to -4..4 unless it says
/// otherwise; outside the page it is -4.
enum ContextFeature : std::uint8_t {
  kPreviousScore,
  kNextScore,
  kSecondPreviousScore,
  kSecondNextScore,
  kNearScore,       // sum of the three scores before and the three after, divided by 6
  kWideScore,       // sum of the ten before and the ten after, divided by 20
  kLowerScore,      // the lower one of the previous and the next
  kExpectedBefore,  // share of the page's expected main text before the block, 0 to 1
  kExpectedAfter,   // the same after the block
  kSiblingScore,    // mean of the other blocks under the same element; 0 without any
  kHighestScore,    // highest of the page
  kLogExpected,     // base-2 logarithm of 1 + the weight of the page's expected main text
  kOwnScore,        // not limited
  kContextCount
};

using ContextVector = std::array<float, kContextCount>;

/// Computes the context of each block of a page from one score per block. Time is linear in the
/// blocks. The arguments must outlive it. One caller at a time.
class PageContext {
 public:
  PageContext(const std::vector<Block>& blocks, const std::vector<float>& scores);

  ContextVector of(std::size_t block) const;

 private:
  // The limited scores of the blocks under one element.
  struct Siblings {
    float sum = 0;
    float count = 0;
  };

  float limited(std::size_t block) const;
  float around(std::size_t block, std::size_t reach) const;

  const std::vector<Block>& blocks_;
  const std::vector<float>& scores_;
  std::vector<double> sums_;        // sum of the limited scores before each block
  std::vector<double> expected_;    // weight of expected main text before each block
  std::vector<Siblings> siblings_;  // by element
  double total_ = 1;                // 1 + expected main text of the page
  float log_total_ = 0;
  float highest_ = 0;
};

/// Returns the feature's name in the table of weights, e.g. "previous_score".
std::string_view context_name(std::size_t feature);

}  // namespace aludel::text::html
