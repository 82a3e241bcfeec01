#include "aludel/text/html/context.h"

#include <algorithm>
#include <cmath>

#include "aludel/base/huge_pages.h"

namespace aludel::text::html {
namespace {

constexpr std::string_view kContextNames[] = {
    "previous_score", "next_score",    "second_previous_score", "second_next_score",
    "near_score",     "wide_score",    "lower_score",           "expected_before",
    "expected_after", "sibling_score", "highest_score",         "log_expected",
    "own_score",
};
static_assert(std::size(kContextNames) == kContextCount);

constexpr float kLimit = 4;
constexpr std::size_t kNear = 3;
constexpr std::size_t kWide = 10;

}  // namespace

PageContext::PageContext(const std::vector<Block>& blocks, const std::vector<float>& scores)
    : blocks_(blocks), scores_(scores), highest_(-kLimit) {
  // The running sums are doubles, so that long pages lose no precision.
  reserve_large(sums_, scores.size() + 1);
  reserve_large(expected_, scores.size() + 1);
  std::uint32_t last_parent = 0;
  for (const Block& block : blocks) {
    last_parent = std::max(last_parent, block.parent);
  }
  siblings_ = large_array<Siblings>(last_parent + std::size_t{1});
  sums_.push_back(0);
  expected_.push_back(0);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const float score = limited(i);
    sums_.push_back(sums_.back() + static_cast<double>(score));
    highest_ = std::max(highest_, score);
    const double odds = std::clamp(static_cast<double>(scores[i]), -30.0, 30.0);
    const double share = 1 / (1 + std::exp(-odds));
    expected_.push_back(expected_.back() + share * static_cast<double>(blocks[i].amount.weight));
    siblings_[blocks[i].parent].sum += score;
    siblings_[blocks[i].parent].count += 1;
  }
  total_ = expected_.back() + 1;
  log_total_ = static_cast<float>(std::log2(total_));
}

float PageContext::limited(std::size_t block) const {
  return block < scores_.size() ? std::clamp(scores_[block], -kLimit, kLimit) : -kLimit;
}

// Returns the sum of the scores within `reach` of a block, without its own.
float PageContext::around(std::size_t block, std::size_t reach) const {
  const std::size_t begin = block < reach ? 0 : block - reach;
  const std::size_t end = std::min(block + reach + 1, scores_.size());
  return static_cast<float>(sums_[end] - sums_[begin]) - limited(block);
}

ContextVector PageContext::of(std::size_t block) const {
  ContextVector f{};
  f[kPreviousScore] = limited(block - 1);  // block - 1 wraps to the largest number at 0
  f[kNextScore] = limited(block + 1);
  f[kSecondPreviousScore] = limited(block - 2);
  f[kSecondNextScore] = limited(block + 2);
  f[kNearScore] = around(block, kNear) / (2 * kNear);
  f[kWideScore] = around(block, kWide) / (2 * kWide);
  f[kLowerScore] = std::min(f[kPreviousScore], f[kNextScore]);
  f[kOwnScore] = scores_[block];
  const Siblings& siblings = siblings_[blocks_[block].parent];
  if (siblings.count > 1) {
    f[kSiblingScore] = (siblings.sum - limited(block)) / (siblings.count - 1);
  }
  f[kExpectedBefore] = static_cast<float>(expected_[block] / total_);
  f[kExpectedAfter] = static_cast<float>((expected_.back() - expected_[block + 1]) / total_);
  f[kHighestScore] = highest_;
  f[kLogExpected] = log_total_;
  return f;
}

std::string_view context_name(std::size_t feature) {
  return kContextNames[feature];
}

}  // namespace aludel::text::html
