#include "aludel/text/html/region.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "aludel/base/huge_pages.h"
#include "aludel/text/html/comment_heading.h"
#include "aludel/text/html/surroundings.h"
#include "aludel/text/html/teaser.h"

namespace aludel::text::html {
namespace {

constexpr std::size_t kMostRegionBlocks = 100'000;  // no article with its comments is longer
/// Weight of chosen text that makes an article; without one, no region is left out.
constexpr std::uint64_t kArticle = 200;
/// The same if comments are kept. It is lower, because text mistaken for comments is not lost then.
constexpr std::uint64_t kCommentedArticle = 60;
constexpr double kHubShare = 0.6;    // least share of the chosen text that the hub holds
constexpr double kSideShare = 0.25;  // largest share of the chosen text in a side column
constexpr std::uint32_t kHeadingWeight = 60;
constexpr std::size_t kMostHeadings = 100;  // of comments; a page does not have more
/// Least share of the comments' prose in a kind of block that is text of comments.
constexpr double kCommentTextShare = 0.15;

constexpr RoleSet kSideRoles =
    kRoleSidebar | kRoleFooter | kRoleRelated | kRoleMenu | kRoleAd | kRolePrompt | kRoleShare;

std::uint32_t first_heading(const Tree& tree) {
  const auto found = std::find_if(tree.nodes.begin(), tree.nodes.end(),
                                  [](const Node& node) { return node.tag == Tag::h1; });
  return found == tree.nodes.end() ? 0 : static_cast<std::uint32_t>(found - tree.nodes.begin());
}

/// The blocks [begin, end).
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

class RegionSettler {
 public:
  RegionSettler(const Tree& tree, const std::vector<Block>& blocks, std::vector<bool>& chosen)
      : tree_(tree), blocks_(blocks), chosen_(chosen) {
    weight_before_.reserve(blocks.size() + 1);
    weight_before_.push_back(0);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      weight_before_.push_back(weight_before_.back() + (chosen[i] ? blocks[i].amount.weight : 0U));
    }
  }

  void settle(Comments comments) {
    article_ = comments == Comments::keep ? kCommentedArticle : kArticle;
    find_comments();
    find_comment_headings();
    leave_threads_alone();
    for (const Range& range : discussions_) {
      leave_out(range);
    }
    leave_out_teasers();
    leave_out_sides();
    if (comments == Comments::drop) return;
    for (const Range& range : discussions_) {
      choose_comments(range);
    }
  }

 private:
  Range blocks_in(std::uint32_t element) const {
    const auto position = [&](std::uint32_t node) {
      const auto found = std::ranges::lower_bound(blocks_, node, {}, &Block::begin);
      return static_cast<std::size_t>(found - blocks_.begin());
    };
    return {position(element), position(tree_.nodes[element].end)};
  }

  void leave_out(const Range& range) {
    std::fill(chosen_.begin() + static_cast<std::ptrdiff_t>(range.begin),
              chosen_.begin() + static_cast<std::ptrdiff_t>(range.end), false);
  }

  // Finds elements behind the article whose names say comments.
  void find_comments() {
    const std::uint32_t heading = first_heading(tree_);
    std::uint64_t left_out = 0;
    for (std::uint32_t node = 1; node < tree_.nodes.size(); ++node) {
      const Node& element = tree_.nodes[node];
      if ((element.roles & kRoleComment) == 0) continue;
      if (element.tag == Tag::body || element.tag == Tag::html) continue;  // the page
      if (heading >= node && heading < element.end) continue;
      const Range range = blocks_in(node);
      if (weight_before_[range.begin] < article_ + left_out) continue;
      left_out += weight_before_[range.end] - weight_before_[range.begin];
      if (range.begin < range.end) discussions_.push_back(range);
      node = element.end - 1;
    }
  }

  // Finds what follows a heading of comments behind the article, up to the end of the element that
  // holds both.
  void find_comment_headings() {
    std::vector<Range> named = std::move(discussions_);
    discussions_.clear();
    std::size_t next = 0;  // index of the next named range
    std::size_t headings = 0;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (next < named.size() && named[next].begin <= i) {
        i = std::max(i, named[next].end) - 1;
        discussions_.push_back(named[next++]);
        continue;
      }
      if (weight_before_[i] < article_ || !heads_comments(blocks_[i])) continue;
      if (++headings > kMostHeadings) continue;
      const Range range = range_below(i);
      discussions_.push_back(range);
      while (next < named.size() && named[next].begin < range.end) {
        ++next;
      }
      i = range.end - 1;
    }
  }

  // Keeps answers that have the question's layout: they are a thread, and replies are its text.
  void leave_threads_alone() {
    if (discussions_.empty()) return;
    const std::uint64_t post = main_layout({0, discussions_.front().begin});
    if (post == 0) return;
    std::erase_if(discussions_, [&](const Range& range) { return main_layout(range) == post; });
  }

  // Returns the layout of most of the chosen text in a range; 0 if it has none.
  std::uint64_t main_layout(const Range& range) const {
    std::map<std::uint64_t, std::uint64_t> weights;
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (chosen_[i]) weights[layout_of(blocks_[i])] += blocks_[i].amount.weight;
    }
    const auto most =
        std::ranges::max_element(weights, {}, [](const auto& one) { return one.second; });
    return most == weights.end() ? 0 : most->first;
  }

  /// Returns tag and roles of the nearest element around a block whose roles are content and
  /// author, as those of a forum's post are; 0 if there is none near.
  std::uint64_t layout_of(const Block& block) const {
    constexpr int kLevels = 8;
    constexpr RoleSet kPost = kRoleContent | kRoleAuthor;
    std::uint32_t element = block.parent;
    for (int level = 0; level < kLevels && element != 0; ++level) {
      const Node& node = tree_.nodes[element];
      if ((node.roles & kPost) == kPost) {
        return static_cast<std::uint64_t>(node.tag) << 32U | node.roles;
      }
      element = node.parent;
    }
    return 0;
  }

  bool heads_comments(const Block& block) const {
    const bool heading = has_trait(tree_.nodes[block.parent].tag, kHeading);
    if (!heading || block.amount.weight > kHeadingWeight) return false;
    return is_comment_heading(tree_.text_between(block.begin, block.end));
  }

  // Returns the blocks from a heading to the end of the nearest element that also holds chosen text
  // before the heading.
  Range range_below(std::size_t heading) const {
    std::uint32_t element = blocks_[heading].parent;
    Range range = blocks_in(element);
    while (element != 0 && weight_before_[heading] == weight_before_[range.begin]) {
      element = tree_.nodes[element].parent;
      range = blocks_in(element);
    }
    return {heading, std::max(range.end, heading + 1)};
  }

  void leave_out_teasers() {
    const std::vector<bool> teasers = teaser_blocks(tree_, blocks_);
    std::uint64_t rest = 0;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (chosen_[i] && !teasers[i]) rest += blocks_[i].amount.weight;
    }
    if (rest < kArticle) return;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (teasers[i]) chosen_[i] = false;
    }
  }

  // Returns the weight of the chosen text in each element.
  std::vector<std::uint64_t> chosen_weights() const {
    auto weights = large_array<std::uint64_t>(tree_.nodes.size());
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (chosen_[i]) weights[blocks_[i].parent] += blocks_[i].amount.weight;
    }
    for (std::size_t node = weights.size(); node-- > 1;) {
      if (weights[node] > 0) weights[tree_.nodes[node].parent] += weights[node];
    }
    return weights;
  }

  // Leaves out side columns and menus beside the hub (the deepest element with most of the chosen
  // text), and lists of other stories and the foot of the page behind it.
  void leave_out_sides() {
    const std::vector<std::uint64_t> weights = chosen_weights();
    const auto whole = static_cast<double>(weights[0]);
    const double needed = std::max(kHubShare * whole, static_cast<double>(kArticle));
    std::uint32_t hub = 0;
    for (std::uint32_t node = 1; node < weights.size(); ++node) {
      if (weights[node] > 0 && static_cast<double>(weights[node]) >= needed) hub = node;
    }
    if (hub == 0) return;
    const std::uint32_t hub_end = tree_.nodes[hub].end;
    for (std::uint32_t node = 1; node < tree_.nodes.size();) {
      const Node& element = tree_.nodes[node];
      if (node == hub || (node < hub && hub < element.end)) {
        node = node == hub ? hub_end : node + 1;
        continue;
      }
      const bool named =
          element.tag == Tag::aside || (node >= hub_end && (element.roles & kSideRoles) != 0);
      const bool side = element.tag == Tag::footer || element.tag == Tag::nav ||
                        (named && static_cast<double>(weights[node]) <= kSideShare * whole);
      if (side) leave_out_below(node);
      node = side ? element.end : node + 1;
    }
  }

  // Leaves out the blocks whose nearest block-level element is this one or lies in it.
  void leave_out_below(std::uint32_t element) {
    const Range range = blocks_in(element);
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (blocks_[i].parent >= element) chosen_[i] = false;
    }
  }

  std::uint64_t kind_of(const Block& block) const {
    const Node& element = tree_.nodes[block.parent];
    const Node& around = tree_.nodes[element.parent];
    return (static_cast<std::uint64_t>(around.tag) << 8U | static_cast<std::uint64_t>(element.tag))
               << 32U |
           (element.roles ^ around.roles << 5U);
  }

  // Chooses all blocks of the kinds that hold the prose of comments, even a comment of three words,
  // but not forms.
  void choose_comments(const Range& range) {
    std::unordered_map<std::uint64_t, std::uint64_t> prose;
    std::uint64_t whole = 0;
    for (std::size_t i = range.begin; i < range.end; ++i) {
      const std::uint32_t own = PageMeasures::prose_of(blocks_[i].amount);
      if (own == 0 || is_form(blocks_[i])) continue;
      prose[kind_of(blocks_[i])] += own;
      whole += own;
    }
    for (std::size_t i = range.begin; i < range.end; ++i) {
      const auto found = prose.find(kind_of(blocks_[i]));
      if (found == prose.end() || is_form(blocks_[i])) continue;
      chosen_[i] =
          static_cast<double>(found->second) >= kCommentTextShare * static_cast<double>(whole);
    }
  }

  bool is_form(const Block& block) const {
    constexpr RoleSet kForms = kRoleForm | kRolePrompt | kRoleFooter | kRoleRelated;
    std::uint32_t element = block.parent;
    for (int level = 0; level < 6 && element != 0; ++level) {
      const Node& node = tree_.nodes[element];
      if (node.tag == Tag::form || (level < 2 && (node.roles & kForms) != 0)) return true;
      element = node.parent;
    }
    return false;
  }

  const Tree& tree_;
  const std::vector<Block>& blocks_;
  std::vector<bool>& chosen_;
  std::vector<std::uint64_t> weight_before_;  // of the text chosen at first, before each block
  std::uint64_t article_ = kArticle;          // weight of an article before comments
  std::vector<Range> discussions_;            // ascending, without overlap
};

}  // namespace

void settle_regions(const Tree& tree, const std::vector<Block>& blocks, Comments comments,
                    std::vector<bool>& chosen) {
  if (blocks.empty() || blocks.size() > kMostRegionBlocks) return;
  RegionSettler(tree, blocks, chosen).settle(comments);
}

}  // namespace aludel::text::html
