#include "aludel/text/html/drawn_formula.h"

#include <vector>

#include "aludel/text/html/neighbours.h"

namespace aludel::text::html {
namespace {

constexpr int kWrappers = 3;  // most elements around a formula before the sibling of its drawing

bool may_be_wrapper(const Node& node) {
  return has_trait(node.tag, kInline);
}

class FormulaSettler {
 public:
  explicit FormulaSettler(Tree& tree) : tree_(tree) {
    for (std::uint32_t node = 1; node < tree_.nodes.size(); ++node) {
      if (tree_.nodes[node].tag == Tag::math) formulas_.push_back(node);
    }
  }

  void settle() {
    for (const std::uint32_t node : formulas_) {
      if ((tree_.nodes[node].flags & kPicture) != 0) continue;
      show(node);
      hide_drawings(node);
    }
  }

 private:
  // Shows a hidden formula: its drawing, now hidden, was meant for the eyes.
  void show(std::uint32_t node) {
    const std::uint32_t end = tree_.nodes[node].end;
    for (std::uint32_t at = node; at != 0 && may_be_wrapper(tree_.nodes[at]);) {
      tree_.nodes[at].flags &= static_cast<std::uint8_t>(~(kInvisible | kAriaHidden));
      const std::uint32_t parent = tree_.nodes[at].parent;
      if (parent + 1 != at || tree_.nodes[parent].end != end) return;
      at = parent;
    }
  }

  void hide_drawings(std::uint32_t node) {
    if ((tree_.nodes[node].flags & kSource) != 0) {
      // A script puts the drawing before the source; the drawing may hold a formula of its own.
      for (std::uint32_t at = previous_sibling(tree_, node);
           at != 0 && (tree_.nodes[at].flags & kPicture) != 0; at = previous_sibling(tree_, at)) {
        tree_.nodes[at].flags |= kDuplicate;
      }
      return;
    }
    std::uint32_t at = node;
    for (int level = 0; level < kWrappers && at != 0 && may_be_wrapper(tree_.nodes[at]); ++level) {
      hide_if_drawing(previous_sibling(tree_, at));
      hide_if_drawing(next_sibling(tree_, at));
      at = tree_.nodes[at].parent;
    }
  }

  void hide_if_drawing(std::uint32_t node) {
    if (node == 0) return;
    Node& beside = tree_.nodes[node];
    const bool drawn = (beside.flags & kPicture) != 0 ||
                       ((beside.flags & kAriaHidden) != 0 && may_be_wrapper(beside));
    if (drawn && (beside.tag == Tag::math || !holds_one_of(tree_, node, formulas_))) {
      beside.flags |= kDuplicate;
    }
  }

  Tree& tree_;
  std::vector<std::uint32_t> formulas_;  // with those inside drawings
};

}  // namespace

void settle_formulas(Tree& tree) {
  FormulaSettler(tree).settle();
}

}  // namespace aludel::text::html
