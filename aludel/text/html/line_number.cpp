#include "aludel/text/html/line_number.h"

#include <cstddef>

namespace aludel::text::html {
namespace {

constexpr std::size_t kShortestRun = 5;
constexpr std::uint32_t kMostDigits = 6;
constexpr std::int64_t kTooHigh = 1'000'000;

// The number that a block is; -1 if it is something else.
std::int64_t number_in(const Tree& tree, const Block& block) {
  const TextAmount& amount = block.amount;
  if (amount.digits != amount.weight || amount.weight > kMostDigits) return -1;
  std::int64_t number = 0;
  for (std::uint32_t node = block.begin; node < block.end; ++node) {
    for (const char c : tree.text_of(tree.nodes[node])) {
      if (c >= '0' && c <= '9') number = number * 10 + (c - '0');
      if (number >= kTooHigh) return -1;  // what is hidden in the block was not counted
    }
  }
  return number;
}

}  // namespace

std::vector<std::uint32_t> counting_blocks(const Tree& tree, const std::vector<Block>& blocks) {
  std::vector<std::uint32_t> counting;
  std::size_t run = 0;
  std::int64_t last = -1;
  for (std::uint32_t i = 0; i < blocks.size(); ++i) {
    const std::int64_t number = number_in(tree, blocks[i]);
    run = number < 0 ? 0 : number == last + 1 ? run + 1 : 1;
    last = number;
    if (run == kShortestRun) {
      for (std::uint32_t before = kShortestRun - 1; before > 0; --before) {
        counting.push_back(i - before);
      }
    }
    if (run >= kShortestRun) counting.push_back(i);
  }
  return counting;
}

}  // namespace aludel::text::html
