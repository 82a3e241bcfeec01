#include "aludel/text/html/hover_card.h"

#include <algorithm>
#include <cstdint>

namespace aludel::text::html {
namespace {

constexpr int kCardLevels = 4;            // most elements around the picture
constexpr std::uint32_t kCardNodes = 64;  // most nodes of a card, and before it in its line
constexpr int kFewestCardLinks = 2;

// Returns the outermost inline element that begins with the picture; 0 if there is none.
std::uint32_t card_around(const Tree& tree, std::uint32_t picture) {
  std::uint32_t card = 0;
  std::uint32_t inside = picture;
  for (int level = 0; level < kCardLevels; ++level) {
    const std::uint32_t element = tree.nodes[inside].parent;
    if (element == 0 || !has_trait(tree.nodes[element].tag, kInline)) break;
    for (std::uint32_t node = element + 1; node < inside; ++node) {
      if ((tree.nodes[node].flags & kHasText) != 0 || node > element + kCardNodes) return card;
    }
    card = element;
    inside = element;
  }
  return card;
}

bool holds_only_links(const Tree& tree, std::uint32_t card) {
  const std::uint32_t end = tree.nodes[card].end;
  if (end - card > kCardNodes) return false;
  int links = 0;
  bool in_new_link = false;
  for (std::uint32_t node = card + 1; node < end; ++node) {
    const Node& current = tree.nodes[node];
    in_new_link = in_new_link || current.tag == Tag::a;
    if (current.tag == Tag::text && (current.flags & kHasText) != 0) {
      if ((current.flags & kInLink) == 0) return false;
      links += in_new_link ? 1 : 0;
      in_new_link = false;
    } else if (current.tag != Tag::text && !has_trait(current.tag, kInline)) {
      return false;
    }
  }
  return links >= kFewestCardLinks;
}

bool follows_text(const Tree& tree, std::uint32_t card) {
  const std::uint32_t first = card > kCardNodes ? card - kCardNodes : 0;
  for (std::uint32_t node = card; node-- > first;) {
    const Node& current = tree.nodes[node];
    if (current.tag == Tag::text && (current.flags & kHasText) != 0) return true;
    if (current.tag != Tag::text && !has_trait(current.tag, kInline)) return false;
  }
  return false;
}

}  // namespace

void hide_hover_cards(Tree& tree) {
  for (std::uint32_t node = 1; node < tree.nodes.size(); ++node) {
    if (tree.nodes[node].tag != Tag::img) continue;
    const std::uint32_t card = card_around(tree, node);
    if (card == 0 || !holds_only_links(tree, card) || !follows_text(tree, card)) continue;
    tree.nodes[card].flags |= kDuplicate;
    node = std::max(node, tree.nodes[card].end - 1);
  }
}

}  // namespace aludel::text::html
