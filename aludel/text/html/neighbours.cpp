#include "aludel/text/html/neighbours.h"

#include <algorithm>

namespace aludel::text::html {
namespace {

bool is_blank(const Node& node) {
  return node.tag == Tag::text && (node.flags & kHasText) == 0;
}

}  // namespace

std::uint32_t next_sibling(const Tree& tree, std::uint32_t node) {
  const std::uint32_t end = tree.nodes[tree.nodes[node].parent].end;
  std::uint32_t at = tree.nodes[node].end;
  while (at < end && is_blank(tree.nodes[at])) {
    at = tree.nodes[at].end;
  }
  return at < end ? at : 0;
}

std::uint32_t previous_sibling(const Tree& tree, std::uint32_t node) {
  const std::uint32_t parent = tree.nodes[node].parent;
  for (std::uint32_t at = node; at > parent + 1;) {
    --at;
    while (tree.nodes[at].parent != parent) {
      at = tree.nodes[at].parent;
    }
    if (!is_blank(tree.nodes[at])) return at;
  }
  return 0;
}

bool holds_one_of(const Tree& tree, std::uint32_t element,
                  const std::vector<std::uint32_t>& nodes) {
  const auto found = std::ranges::lower_bound(nodes, element);
  return found != nodes.end() && *found < tree.nodes[element].end;
}

std::string_view text_below(const Tree& tree, std::uint32_t element) {
  return tree.text_between(element, tree.nodes[element].end);
}

}  // namespace aludel::text::html
