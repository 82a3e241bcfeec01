#include "aludel/text/html/line_number.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "aludel/text/html/implied_end.h"
#include "aludel/text/html/neighbours.h"

namespace aludel::text::html {
namespace {

constexpr std::size_t kShortestRun = 5;
constexpr std::uint32_t kMostDigits = 6;
constexpr std::int64_t kTooHigh = 1'000'000;

// Returns the number that is the text of a block; -1 if its text is something else.
std::int64_t number_in(const Tree& tree, const Block& block) {
  const TextAmount& amount = block.amount;
  if (amount.digits != amount.weight || amount.weight > kMostDigits) return -1;
  std::int64_t number = 0;
  for (std::uint32_t node = block.begin; node < block.end; ++node) {
    for (const char c : tree.text_of(tree.nodes[node])) {
      if (c >= '0' && c <= '9') number = number * 10 + (c - '0');
      if (number >= kTooHigh) return -1;  // the amount does not count hidden text
    }
  }
  return number;
}

/// Consecutive numbers, each one above the last.
struct Count {
  std::int64_t first = -1;
  std::int64_t last = -1;
  std::size_t numbers = 0;
};

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t';
}

// Continues `count` with the numbers of a text. Returns false if the text holds anything else.
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

bool is_cell(Tag tag) {
  return tag == Tag::td || tag == Tag::th;
}

bool is_gutter(const Node& node) {
  return (node.roles & kRoleGutter) != 0;
}

/// An index of the numbers, other text and code in a tree. Elements may be nested, so reading each
/// element anew would not be linear.
class NumberFinder {
 public:
  explicit NumberFinder(const Tree& tree) : tree_(tree) {
    for (std::uint32_t node = 1; node < tree.nodes.size(); ++node) {
      if (tree.nodes[node].tag == Tag::text) add_text(node);
      if (keeps_whitespace(tree.nodes[node].tag)) code_.push_back(node);
    }
  }

  bool holds_numbers_alone(std::uint32_t element) const {
    return holds_one_of(tree_, element, digits_) && !holds_one_of(tree_, element, others_);
  }

  // Returns the numbers in an element; none if it holds anything else.
  Count count_in(std::uint32_t element) const {
    const auto begin = std::ranges::lower_bound(counted_, element, {}, &CountedText::node);
    const auto end =
        std::ranges::lower_bound(counted_, tree_.nodes[element].end, {}, &CountedText::node);
    if (begin == end || !begin->counts || begin->run != (end - 1)->run) return {};
    const Count& last = (end - 1)->count;
    return {begin->count.first, last.last,
            static_cast<std::size_t>(last.last - begin->count.first) + 1};
  }

  // True if the next cell of the row holds <pre>.
  bool stands_beside_code(std::uint32_t cell) const {
    const std::uint32_t next = tree_.nodes[cell].end;
    return next < tree_.nodes[tree_.nodes[cell].parent].end && is_cell(tree_.nodes[next].tag) &&
           holds_one_of(tree_, next, code_);
  }

 private:
  struct CountedText {
    std::uint32_t node = 0;
    bool counts = false;
    std::size_t run = 0;  // each text of a run continues the numbers of the one before
    Count count;
  };

  void add_text(std::uint32_t node) {
    const std::string_view text = tree_.text_of(tree_.nodes[node]);
    const std::size_t other = text.find_first_not_of("0123456789 \n\t.:|");
    if (other != std::string_view::npos) {
      others_.push_back(node);
    } else if (text.find_first_of("0123456789") != std::string_view::npos) {
      digits_.push_back(node);
    }
    CountedText added;
    added.node = node;
    added.counts = count_on(text, added.count);
    if (added.counts && added.count.numbers == 0) return;  // blank
    const bool goes_on = !counted_.empty() && counted_.back().counts && added.counts &&
                         added.count.first == counted_.back().count.last + 1;
    if (!counted_.empty()) added.run = counted_.back().run + (goes_on ? 0 : 1);
    counted_.push_back(added);
  }

  const Tree& tree_;
  std::vector<std::uint32_t> others_;  // texts with more than numbers
  std::vector<std::uint32_t> digits_;  // texts with numbers only
  std::vector<std::uint32_t> code_;
  std::vector<CountedText> counted_;  // texts that are not blank
};

}  // namespace

void hide_line_numbers(Tree& tree) {
  const auto any_tag = [&](auto is_wanted) {
    return std::ranges::any_of(tree.nodes, is_wanted, &Node::tag);
  };
  const bool may_have_some =
      std::ranges::any_of(tree.nodes, is_gutter) || (any_tag(is_cell) && any_tag(keeps_whitespace));
  if (!may_have_some) return;
  const NumberFinder finder(tree);
  std::int64_t last = 0;  // last number of the cell above
  for (std::uint32_t node = 1; node < tree.nodes.size();) {
    Node& element = tree.nodes[node];
    bool hidden = is_gutter(element) && finder.holds_numbers_alone(node);
    if (!hidden && is_cell(element.tag)) {
      const Count count = finder.count_in(node);
      const bool counts = count.numbers > 1 ||
                          (count.numbers == 1 && (count.first == 1 || count.first == last + 1));
      hidden = counts && finder.stands_beside_code(node);
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
