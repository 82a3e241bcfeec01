#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/text/html/lexer.h"
#include "aludel/text/html/role.h"
#include "aludel/text/html/tag.h"

/// A page as a flat tree: nodes in document order, each with the index where its subtree ends.
namespace aludel::text::html {

/// Bits of Node::flags.
enum NodeFlag : std::uint8_t {
  kInLink = 1,     // text inside <a href>
  kInvisible = 2,  // hidden by an attribute or an inline style
  kPreformatted = 4,
  kHasText = 8,      // text that is not white space
  kAriaHidden = 16,  // hidden from screen readers
  kPicture = 32,     // the drawing of a formula
  kDuplicate = 64,   // the same content stands beside it in a better form
  kSource = 128,     // a formula as its author wrote it, for a script to draw
};

struct Node {
  std::uint32_t parent = 0;
  std::uint32_t end = 0;         // one past the last node of the subtree
  std::uint32_t text_begin = 0;  // where in Tree::text the node's text begins
  std::uint32_t text_size = 0;   // bytes; only text nodes have any
  RoleSet roles = 0;             // of elements, by class, id, role and itemprop
  Tag tag = Tag::none;
  std::uint8_t flags = 0;
};

/// True if a reader of the page does not see the element. settle_visibility() sets the flags.
inline bool is_unread(const Node& node) {
  return (node.flags & (kInvisible | kDuplicate)) != 0 || has_trait(node.tag, kHidden);
}

/// One statement that a page makes about itself.
struct Stated {
  enum class Kind : std::uint8_t { title, author, date, site_name, language };

  Kind kind = Kind::title;
  std::uint8_t rank = 0;   // of several statements, the one with the lowest rank is believed
  std::uint32_t node = 0;  // the value is the text of this node; 0: the value is `value`
  std::string value;
};

/// What a page declares about itself.
struct PageFacts {
  std::string title;                 // <title>
  std::string og_title;              // <meta property="og:title">
  std::string language;              // <html lang>
  std::vector<Stated> stated;        // <meta>, microdata and bylines, in document order
  std::vector<std::string> json_ld;  // scripts of JSON-LD, as written
};

/// A parsed page. Node 0 is the root. In the text, references are decoded and, outside <pre>, each
/// run of white space is one space.
struct Tree {
  std::vector<Node> nodes;
  std::string text;
  PageFacts facts;
  bool truncated = false;  // the page exceeded a cap: bytes, nodes or steps

  std::string_view text_of(const Node& node) const {
    return std::string_view(text).substr(node.text_begin, node.text_size);
  }

  /// Returns the text of the nodes [begin, end), which stands in one piece. REQUIRES: begin < end.
  std::string_view text_between(std::uint32_t begin, std::uint32_t end) const {
    const std::size_t from = nodes[begin].text_begin;
    const std::size_t to = end < nodes.size() ? nodes[end].text_begin : text.size();
    return std::string_view(text).substr(from, to - from);
  }
};

/// Caps on the size of a page. All are counts, so that a page gives the same tree on every machine.
struct TreeLimits {
  std::size_t bytes = 16U << 20;
  std::size_t nodes = 2U << 20;
  std::size_t depth = 512;        // deeper elements become siblings of the deepest ones
  std::size_t steps = 64U << 20;  // of searches through the open elements
};

/// Parses a page of UTF-8 and repairs it much as browsers do: optional end tags, misnested
/// formatting, text outside <body>. DEVIATION: no foster parenting, and formatting elements are not
/// opened again. A formula becomes one <math> node with one text. Hidden elements are marked
/// (visibility.h). Reads <noscript> inside elements named as the text, and everywhere if the page
/// has hardly any other text. Time is linear in the size: searches of the stack take at most
/// `limits.steps` steps. Concurrent calls: yes. Errors: none; any bytes give a tree.
/// Source: https://html.spec.whatwg.org/multipage/parsing.html.
Tree parse_html(std::string_view html, Markup markup = Markup::html, const TreeLimits& limits = {});

}  // namespace aludel::text::html
