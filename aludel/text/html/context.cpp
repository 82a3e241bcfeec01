#include "aludel/text/html/context.h"

#include <algorithm>
#include <cmath>

namespace aludel::text::html {
namespace {

constexpr std::string_view kContextNames[] = {
    "previous_score",  "next_score",     "second_previous_score", "second_next_score",
    "near_score",      "wide_score",     "lower_score",           "expected_before",
    "expected_after",  "sibling_score",  "highest_score",         "log_expected",
    "own_score",
};
static_assert(std::size(kContextNames) == kContextCount);

constexpr float kLimit = 4;
constexpr std::size_t kNear = 3;
constexpr std::size_t kWide = 10;

class ContextMaker {
 public:
  ContextMaker(const std::vector<Block>& blocks, const std::vector<float>& scores)
      : blocks_(blocks), scores_(scores), vectors_(scores.size()) {
    // Running sums, in double so that long pages lose nothing.
    sums_.push_back(0);
    for (const float score : scores) {
      limited_.push_back(std::clamp(score, -kLimit, kLimit));
      sums_.push_back(sums_.back() + static_cast<double>(limited_.back()));
    }
  }

  std::vector<ContextVector> make() {
    describe_neighbours();
    describe_siblings();
    describe_page();
    return std::move(vectors_);
  }

 private:
  float limited(std::size_t at) const { return at < limited_.size() ? limited_[at] : -kLimit; }

  // Sum of the scores within `reach` of a block, itself left out.
  float around(std::size_t at, std::size_t reach) const {
    const std::size_t begin = at < reach ? 0 : at - reach;
    const std::size_t end = std::min(at + reach + 1, limited_.size());
    return static_cast<float>(sums_[end] - sums_[begin]) - limited_[at];
  }

  void describe_neighbours() {
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      ContextVector& f = vectors_[i];
      f[kPreviousScore] = limited(i - 1);  // i - 1 wraps to the largest number at 0
      f[kNextScore] = limited(i + 1);
      f[kSecondPreviousScore] = limited(i - 2);
      f[kSecondNextScore] = limited(i + 2);
      f[kNearScore] = around(i, kNear) / (2 * kNear);
      f[kWideScore] = around(i, kWide) / (2 * kWide);
      f[kLowerScore] = std::min(f[kPreviousScore], f[kNextScore]);
      f[kOwnScore] = scores_[i];
    }
  }

  // Blocks of one element need not stand together, so they are brought together by sorting.
  void describe_siblings() {
    std::vector<std::uint32_t> order(blocks_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      order[i] = i;
    }
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return blocks_[a].parent < blocks_[b].parent;
    });
    for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
      double sum = 0;
      while (end < order.size() && blocks_[order[end]].parent == blocks_[order[begin]].parent) {
        sum += static_cast<double>(limited_[order[end++]]);
      }
      if (end - begin < 2) continue;
      for (std::size_t i = begin; i < end; ++i) {
        const float others = static_cast<float>(sum) - limited_[order[i]];
        vectors_[order[i]][kSiblingScore] = others / static_cast<float>(end - begin - 1);
      }
    }
  }

  void describe_page() {
    std::vector<double> expected;
    double total = 0;
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      const double odds = std::clamp(static_cast<double>(scores_[i]), -30.0, 30.0);
      expected.push_back(static_cast<double>(blocks_[i].amount.weight) / (1 + std::exp(-odds)));
      total += expected.back();
    }
    const auto highest = std::max_element(limited_.begin(), limited_.end());
    double before = 0;
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      ContextVector& f = vectors_[i];
      f[kExpectedBefore] = static_cast<float>(before / (total + 1));
      before += expected[i];
      f[kExpectedAfter] = static_cast<float>((total - before) / (total + 1));
      f[kHighestScore] = *highest;
      f[kLogExpected] = static_cast<float>(std::log2(total + 1));
    }
  }

  const std::vector<Block>& blocks_;
  const std::vector<float>& scores_;
  std::vector<ContextVector> vectors_;
  std::vector<float> limited_;
  std::vector<double> sums_;
};

}  // namespace

std::vector<ContextVector> context_of(const std::vector<Block>& blocks,
                                      const std::vector<float>& scores) {
  return ContextMaker(blocks, scores).make();
}

std::string_view context_name(std::size_t feature) {
  return kContextNames[feature];
}

}  // namespace aludel::text::html
