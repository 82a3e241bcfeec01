#include "aludel/text/html/line_number.h"

#include <cstddef>
#include <string_view>

#include "aludel/text/html/implied_end.h"

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

/// A row of numbers, each one above the last.
struct Count {
  std::int64_t first = -1;
  std::int64_t last = -1;
  std::size_t numbers = 0;
};

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t';
}

// Reads the numbers of one text on from `count`. Returns false for anything else in it.
bool count_on(std::string_view text, Count& count) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    std::int64_t number = 0;
    const std::size_t begin = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      if (at - begin >= kMostDigits) return false;
      number = number * 10 + (text[at] - '0');
    }
    if (at == begin || (at < text.size() && !is_space(text[at]))) return false;
    if (count.numbers > 0 && number != count.last + 1) return false;
    if (count.numbers++ == 0) count.first = number;
    count.last = number;
  }
  return true;
}

// What an element counts; no numbers if there is anything else in it.
Count count_in(const Tree& tree, std::uint32_t element) {
  Count count;
  for (std::uint32_t node = element + 1; node < tree.nodes[element].end; ++node) {
    if (tree.nodes[node].tag == Tag::text && !count_on(tree.text_of(tree.nodes[node]), count)) {
      return {};
    }
  }
  return count;
}

bool holds_numbers_alone(const Tree& tree, std::uint32_t element) {
  bool digits = false;
  for (std::uint32_t node = element + 1; node < tree.nodes[element].end; ++node) {
    for (const char c : tree.text_of(tree.nodes[node])) {
      const bool digit = c >= '0' && c <= '9';
      if (!digit && !is_space(c) && c != '.' && c != ':' && c != '|') return false;
      digits = digits || digit;
    }
  }
  return digits;
}

bool is_cell(Tag tag) {
  return tag == Tag::td || tag == Tag::th;
}

// Whether the next cell of the row holds <pre>.
bool stands_beside_code(const Tree& tree, std::uint32_t cell) {
  const std::uint32_t next = tree.nodes[cell].end;
  if (next >= tree.nodes[tree.nodes[cell].parent].end || !is_cell(tree.nodes[next].tag)) {
    return false;
  }
  for (std::uint32_t node = next + 1; node < tree.nodes[next].end; ++node) {
    if (keeps_whitespace(tree.nodes[node].tag)) return true;
  }
  return false;
}

}  // namespace

void hide_line_numbers(Tree& tree) {
  std::int64_t last = 0;  // number of the gutter before
  for (std::uint32_t node = 1; node < tree.nodes.size();) {
    Node& element = tree.nodes[node];
    bool hidden = (element.roles & kRoleGutter) != 0 && holds_numbers_alone(tree, node);
    if (!hidden && is_cell(element.tag)) {
      const Count count = count_in(tree, node);
      const bool counts = count.numbers > 1 ||
                          (count.numbers == 1 && (count.first == 1 || count.first == last + 1));
      hidden = counts && stands_beside_code(tree, node);
      if (hidden) last = count.last;
    }
    if (hidden) element.flags |= kDuplicate;
    node = hidden ? element.end : node + 1;
  }
}

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
