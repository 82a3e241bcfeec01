#include "aludel/text/html/visibility.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "aludel/base/ascii.h"
#include "aludel/base/utf8.h"
#include "aludel/text/html/block.h"
#include "aludel/text/html/drawn_formula.h"
#include "aludel/text/html/neighbours.h"
#include "aludel/text/html/surroundings.h"

namespace aludel::text::html {
namespace {

constexpr std::uint64_t kLeastProse = 200;  // two or three sentences; less is a message of a script
constexpr std::uint64_t kLeastShare = 8;    // 1/8 of the largest hidden element
constexpr std::size_t kProbes = 9;  // pieces of a hidden text that are searched in the visible one
constexpr std::size_t kProbeBytes = 24;
constexpr int kMostRounds = 4;  // levels of hidden elements inside hidden elements
constexpr std::size_t kIconBytes = 64;
constexpr double kOffScreen = -2000;  // pixels; nearer ones place slides and menus

/// Roles of elements that open on demand; while they are closed they are not text of the page.
constexpr RoleSet kWaitingRoles = kRolePrompt | kRoleMenu | kRoleComment | kRoleShare | kRoleAd |
                                  kRoleFooter | kRoleSidebar | kRoleForm;

bool is_css_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// Returns the first word of a text, without "!important".
std::string_view first_word(std::string_view text) {
  std::size_t begin = 0;
  while (begin < text.size() && is_css_blank(text[begin])) {
    ++begin;
  }
  std::size_t end = begin;
  while (end < text.size() && !is_css_blank(text[end]) && text[end] != '!') {
    ++end;
  }
  return text.substr(begin, end - begin);
}

bool same_word(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() &&
         std::equal(text.begin(), text.end(), lower.begin(),
                    [](char a, char b) { return lower_ascii(a) == b; });
}

bool is_far_left(std::string_view value) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc() && end != value.data() && number <= kOffScreen;
}

// True if a style attribute hides the element. The last declaration of a property counts.
bool hides_inline(std::string_view style) {
  bool displayed = true;
  bool visible = true;
  bool on_screen = true;
  while (!style.empty()) {
    const std::size_t end = std::min(style.find(';'), style.size());
    const std::string_view declaration = style.substr(0, end);
    style.remove_prefix(std::min(end + 1, style.size()));
    const std::size_t colon = declaration.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = first_word(declaration.substr(0, colon));
    const std::string_view value = first_word(declaration.substr(colon + 1));
    if (same_word(name, "display")) {
      displayed = !same_word(value, "none");
    } else if (same_word(name, "visibility")) {
      visible = !same_word(value, "hidden") && !same_word(value, "collapse");
    } else if (same_word(name, "left") || same_word(name, "top")) {
      on_screen = !is_far_left(value);
    }
  }
  return !displayed || !visible || !on_screen;
}

// True if the element is a script's drawing of a formula: KaTeX and MathJax have name prefixes.
bool is_drawing(std::string_view name, std::string_view classes) {
  const auto begins = [](std::string_view text, std::string_view lower) {
    return same_word(text.substr(0, lower.size()), lower);
  };
  const auto may_be = [](std::string_view text) {
    return !text.empty() && (lower_ascii(text[0]) == 'm' || lower_ascii(text[0]) == 'k');
  };
  if (!may_be(name) && !may_be(classes)) return false;
  return begins(name, "mjx-") || begins(classes, "mathjax") || begins(classes, "mjx") ||
         begins(classes, "katex-html");
}

bool is_inline(const Node& node) {
  return has_trait(node.tag, kInline);
}

bool is_waiting(const Node& node) {
  if (node.tag == Tag::body || node.tag == Tag::html || node.tag == Tag::main ||
      node.tag == Tag::article) {
    return false;
  }
  if (node.tag == Tag::dialog || node.tag == Tag::nav || node.tag == Tag::menu) return true;
  const RoleSet waiting = node.roles & kWaitingRoles;
  return (waiting & kRolePrompt) != 0 || (waiting != 0 && (node.roles & kRoleBody) == 0);
}

bool holds_page(const Tree& tree, std::uint32_t element) {
  const auto begin = tree.nodes.begin() + element;
  const auto end = tree.nodes.begin() + tree.nodes[element].end;
  return std::any_of(begin, end,
                     [](const Node& node) { return node.tag == Tag::main || node.tag == Tag::h1; });
}

// True if an element opens on demand, as its own name, the name of its only child or the names of
// the elements around it say. An element with the page's heading ("modal-open page") does not.
bool waits(const Tree& tree, std::uint32_t element) {
  const Node& node = tree.nodes[element];
  if (holds_page(tree, element)) return false;
  if (is_waiting(node)) return true;
  const std::uint32_t inside = element + 1;
  if (inside < node.end && tree.nodes[inside].end == node.end && is_waiting(tree.nodes[inside])) {
    return true;
  }
  std::uint32_t at = node.parent;
  for (int level = 0; at != 0; at = tree.nodes[at].parent, ++level) {
    const Tag tag = tree.nodes[at].tag;
    if (tag == Tag::dialog || tag == Tag::nav || tag == Tag::footer || tag == Tag::aside) {
      return true;
    }
    if (level < 2 && is_waiting(tree.nodes[at])) return true;
  }
  return false;
}

bool is_letter_or_digit(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  const bool symbol = (c >= 0xA0 && c <= 0xBF) || (c >= 0x2000 && c <= 0x2BFF) ||
                      (c >= 0xE000 && c <= 0xF8FF) || c == 0xD7 || c >= 0x1F000;
  return !symbol;
}

// True if the element is an icon: <i> with the name of its glyph, or a sign without letters.
bool is_icon(const Tree& tree, std::uint32_t node) {
  const std::string_view text = text_below(tree, node);
  if (text.size() > kIconBytes) return false;
  if (tree.nodes[node].tag == Tag::i) return true;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (is_letter_or_digit(point.value)) return false;
    at += point.size_bytes;
  }
  return true;
}

void settle_aria(Tree& tree) {
  const auto is_for_screen_readers = [&tree](std::uint32_t node) {
    return node != 0 && (tree.nodes[node].roles & kRoleHidden) != 0;
  };
  for (std::uint32_t node = 1; node < tree.nodes.size(); ++node) {
    if ((tree.nodes[node].flags & kAriaHidden) == 0) continue;
    const bool hidden = is_inline(tree.nodes[node])
                            ? is_icon(tree, node) ||
                                  is_for_screen_readers(previous_sibling(tree, node)) ||
                                  is_for_screen_readers(next_sibling(tree, node))
                            : waits(tree, node);
    if (hidden) tree.nodes[node].flags |= kDuplicate;
  }
}

struct HiddenElement {
  std::uint32_t node;
  std::uint64_t prose;
};

bool is_data(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

// Returns the outermost hidden elements, except closed dialogs and the like, and data of scripts.
std::vector<HiddenElement> hidden_prose(const Tree& tree) {
  std::vector<HiddenElement> hidden;
  for (std::uint32_t node = 1; node < tree.nodes.size();) {
    const Node& element = tree.nodes[node];
    if (!is_unread(element)) {
      ++node;
      continue;
    }
    const std::string_view text = text_below(tree, node);
    const bool counts = (element.flags & kInvisible) != 0 && (element.flags & kDuplicate) == 0 &&
                        !has_trait(element.tag, kHidden) && text.size() >= 40 && !is_data(text);
    if (counts && !waits(tree, node)) hidden.push_back({node, 0});
    node = element.end;
  }
  return hidden;
}

bool stands_aside(const Tree& tree, std::uint32_t element) {
  for (std::uint32_t at = element; at != 0; at = tree.nodes[at].parent) {
    const Node& node = tree.nodes[at];
    if (node.tag == Tag::footer || node.tag == Tag::nav || node.tag == Tag::aside ||
        node.tag == Tag::dialog) {
      return true;
    }
    const bool whole = node.tag == Tag::body || node.tag == Tag::html;
    if (!whole && (node.roles & kRolePrompt) != 0) return true;
  }
  return false;
}

std::string visible_text(const Tree& tree) {
  std::string text;
  for (const Block& block : blocks_of(tree)) {
    for (std::uint32_t node = block.begin; node < block.end; ++node) {
      if (tree.nodes[node].tag == Tag::text) text += tree.text_of(tree.nodes[node]);
    }
  }
  return text;
}

// True if most probes of a text occur in the visible text: pages hide a copy of their text for
// search engines, with other line ends.
bool is_copy(std::string_view text, std::string_view visible) {
  std::size_t found = 0;
  for (std::size_t probe = 1; probe <= kProbes; ++probe) {
    const std::size_t at = text.size() / (kProbes + 1) * probe;
    found += visible.find(text.substr(at, kProbeBytes)) != std::string_view::npos ? 1U : 0U;
  }
  return found * 2 > kProbes;
}

// Sets the prose of copies to zero; looks at the few largest elements only.
void leave_out_copies(const Tree& tree, std::uint64_t total, std::vector<HiddenElement>& hidden) {
  const std::string visible = visible_text(tree);
  for (HiddenElement& element : hidden) {
    const bool large = element.prose * 2 * kLeastShare >= total;
    if (large && is_copy(text_below(tree, element.node), visible)) element.prose = 0;
  }
}

// Shows hidden elements if they are most of the page. Returns true if there may be more to show.
bool show_most_of_page(Tree& tree) {
  std::vector<HiddenElement> hidden = hidden_prose(tree);
  const auto total_of = [](const std::vector<HiddenElement>& elements) {
    std::uint64_t total = 0;
    for (const HiddenElement& element : elements) {
      total += element.prose;
    }
    return total;
  };
  for (HiddenElement& element : hidden) {
    element.prose = visible_prose(tree, element.node);
  }
  const std::uint64_t visible = total_of(hidden) < kLeastProse ? 0 : visible_prose(tree);
  const auto is_most = [visible](std::uint64_t total) {
    return total >= kLeastProse && total * 2 >= visible * 3;
  };
  if (!is_most(total_of(hidden))) return false;
  leave_out_copies(tree, total_of(hidden), hidden);
  if (!is_most(total_of(hidden))) return false;
  std::uint64_t largest = 0;
  for (const HiddenElement& element : hidden) {
    largest = std::max(largest, element.prose);
  }
  for (const HiddenElement& element : hidden) {
    if (element.prose == 0 || element.prose * kLeastShare < largest) continue;
    tree.nodes[element.node].flags &= static_cast<std::uint8_t>(~kInvisible);
  }
  return true;
}

}  // namespace

std::uint8_t hiding_marks(Tag tag, std::string_view name, const Attributes& attributes) {
  std::uint8_t marks = 0;
  const bool invisible = attributes.has_hidden || (tag == Tag::dialog && !attributes.has_open) ||
                         (!attributes.style.empty() && hides_inline(attributes.style));
  if (invisible) marks |= kInvisible;
  if (same_word(attributes.aria_hidden, "true")) marks |= kAriaHidden;
  if (is_drawing(name, attributes.classes)) marks |= kPicture;
  return marks;
}

void settle_visibility(Tree& tree) {
  std::uint8_t seen = 0;
  bool formulas = false;
  for (const Node& node : tree.nodes) {
    seen |= node.flags;
    formulas = formulas || node.tag == Tag::math;
  }
  if (formulas) settle_formulas(tree);
  if ((seen & kAriaHidden) != 0) settle_aria(tree);
  if ((seen & kInvisible) == 0) return;
  for (int round = 0; round < kMostRounds && show_most_of_page(tree); ++round) {
  }
}

std::uint64_t visible_prose(const Tree& tree, std::uint32_t element) {
  std::uint64_t prose = 0;
  for (const Block& block : blocks_of(tree, element)) {
    const std::uint32_t own = PageMeasures::prose_of(block.amount);
    if (own > 0 && (element != 0 || !stands_aside(tree, block.parent))) prose += own;
  }
  return prose;
}

}  // namespace aludel::text::html
