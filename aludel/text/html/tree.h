#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/text/html/lexer.h"
#include "aludel/text/html/role.h"
#include "aludel/text/html/tag.h"

/// A page as a flat tree: nodes in document order, each with the end of its subtree.
namespace aludel::text::html {

/// Bits of Node::flags.
enum NodeFlag : std::uint8_t {
  kInLink = 1,     // text inside <a href>
  kInvisible = 2,  // hidden by an attribute or an inline style
  kPreformatted = 4,
  kHasText = 8,      // text that is not white space
  kAriaHidden = 16,  // hidden from screen readers
  kPicture = 32,     // what is drawn of a formula
  kDuplicate = 64,   // stands once more beside it, in a form to read
  kSource = 128,     // a formula as its author wrote it, for a script to draw
};

struct Node {
  std::uint32_t parent = 0;
  std::uint32_t end = 0;         // one past the last node of the subtree
  std::uint32_t text_begin = 0;  // where in Tree::text the node's text begins
  std::uint32_t text_size = 0;   // of text nodes
  RoleSet roles = 0;             // elements: what class, id, role and itemprop say
  Tag tag = Tag::none;
  std::uint8_t flags = 0;
};

/// Whether a reader of the page sees nothing of an element. Settled by settle_visibility().
inline bool is_unread(const Node& node) {
  return (node.flags & (kInvisible | kDuplicate)) != 0 || has_trait(node.tag, kHidden);
}

/// One statement of a page about itself.
struct Stated {
  enum class Kind : std::uint8_t { title, author, date, site_name, language };

  Kind kind = Kind::title;
  std::uint8_t rank = 0;   // the lowest one is believed
  std::uint32_t node = 0;  // whose text is the value; 0: `value` is it
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

/// Node 0 is the root. A text node's characters have references decoded and, outside <pre>, runs of
/// white space as one space.
struct Tree {
  std::vector<Node> nodes;
  std::string text;
  PageFacts facts;
  bool truncated = false;  // a cap was met: size, nodes or steps

  std::string_view text_of(const Node& node) const {
    return std::string_view(text).substr(node.text_begin, node.text_size);
  }
};

/// Caps of one page. All are counts, so that the same page gives the same tree on every machine.
struct TreeLimits {
  std::size_t bytes = 16U << 20;
  std::size_t nodes = 2U << 20;
  std::size_t depth = 512;        // what lies deeper stands beside the deepest elements
  std::size_t steps = 64U << 20;  // of searches among the open elements
};

/// Parses a page of UTF-8, mending it much as browsers do: optional end tags, misnested formatting,
/// text outside <body>. DEVIATION: no foster parenting, and no formatting is opened anew.
/// A formula is one <math> with one text; what is hidden is settled (visibility.h). <noscript> is
/// read inside the text, and all over a page that has hardly any text else.
/// Time is linear in the size (the stack is searched at most `limits.steps` times). Concurrent
/// calls: yes. Errors: none; any bytes give a tree.
/// Source: https://html.spec.whatwg.org/multipage/parsing.html.
Tree parse_html(std::string_view html, Markup markup = Markup::html, const TreeLimits& limits = {});

}  // namespace aludel::text::html
