#include <algorithm>
#include <array>
#include <cstddef>

#include "aludel/base/ascii.h"
#include "aludel/base/huge_pages.h"
#include "aludel/text/html/entity.h"
#include "aludel/text/html/formula.h"
#include "aludel/text/html/hover_card.h"
#include "aludel/text/html/implied_end.h"
#include "aludel/text/html/lexer.h"
#include "aludel/text/html/line_number.h"
#include "aludel/text/html/page_facts.h"
#include "aludel/text/html/text_run.h"
#include "aludel/text/html/tree.h"
#include "aludel/text/html/visibility.h"

namespace aludel::text::html {
namespace {

struct OpenElement {
  std::uint32_t node;
  Tag tag;
  bool links;             // an <a href> whose text still counts as a link
  std::string_view name;  // as its start tag has it; "" for those that close by themselves
};

// Inline elements may exceed the limit of depth by this much, so that they do not end a paragraph.
constexpr std::size_t kInlineDepth = 64;

// Number of letters in <noscript> elements from which the page is parsed again with them.
constexpr std::size_t kNoscriptText = 200;

enum class Noscript : std::uint8_t { in_text, everywhere };

std::size_t letters_outside_tags(std::string_view html) {
  std::size_t letters = 0;
  bool inside = false;
  for (const char c : html) {
    inside = c == '<' || (inside && c != '>');
    letters += !inside && c != ' ' && c != '\n' ? 1U : 0U;
  }
  return letters;
}

class PageParser {
 public:
  PageParser(std::string_view html, Markup markup, const TreeLimits& limits, Noscript noscript)
      : limits_(limits),
        html_(html.substr(0, limits.bytes)),
        markup_(markup),
        noscript_(noscript),
        lexer_(html_, markup) {
    tree_.truncated = html.size() > limits.bytes;
    tree_.nodes.reserve(html_.size() / 40 + 16);
    tree_.text.reserve(html_.size() / 4);
    tree_.nodes.emplace_back();
    stack_.push_back({0, Tag::none, false, {}});
  }

  Tree parse() {
    Token token;
    do {
      lexer_.next(token);
    } while (take(token));
    pop_to(0);
    tree_.nodes[0].end = static_cast<std::uint32_t>(tree_.nodes.size());
    hide_line_numbers(tree_);
    hide_hover_cards(tree_);
    settle_visibility(tree_);
    return std::move(tree_);
  }

  /// Letters of the <noscript> elements that parse() has left out.
  std::size_t noscript_letters() const { return noscript_letters_; }

 private:
  // Adds a token to the tree. Returns false at the end of the page or of its nodes.
  bool take(const Token& token) {
    if (token.kind == TokenKind::end) return false;
    if (tree_.nodes.size() >= limits_.nodes) {
      tree_.truncated = true;
      return false;
    }
    if (token.kind == TokenKind::text) {
      add_text(token.text, References::decode);
    } else if (token.kind == TokenKind::characters) {
      add_text(token.text, References::keep);
    } else if (token.kind == TokenKind::open) {
      open(token);
    } else {
      // OPTIMIZATION: most end tags close the innermost element, whose name is known.
      const OpenElement& innermost = stack_.back();
      close(token.text == innermost.name ? innermost.tag : tag_of(token.text), token.text);
    }
    return true;
  }

  void open(const Token& token) {
    const Tag tag = tag_of(token.text);
    if (tag == Tag::meta) note_meta(token.attributes, tree_.facts);
    if (tag == Tag::html && tree_.facts.language.empty())
      tree_.facts.language = token.attributes.lang;
    if ((tag == Tag::html || tag == Tag::head || tag == Tag::body) && opened_[slot(tag)]) return;
    opened_[slot(tag)] = true;
    if (open_counts_[slot(Tag::svg)] > 0 && leaves_svg(tag)) leave_svg();
    const bool closed = token.self_closing && closes_itself(tag);
    if (tag == Tag::noscript && !closed && hides_noscript()) {
      const std::string_view content = lexer_.take_raw_text(token.text);
      if (!begins_escaped(content)) noscript_letters_ += letters_outside_tags(content);
      return;
    }
    if (tag == Tag::math) return add_formula(read_formula(lexer_, token), token, 0);
    if (has_trait(tag, kRawText)) {
      if (!closed) open_raw_text(tag, token);
      return;
    }
    if (has_trait(tag, kVoid)) return add_void(tag, token);
    end_implied(tag);
    if (closed && tag == Tag::unknown) return;
    make_place(tag);
    const bool links = tag == Tag::a && token.attributes.has_href;
    stack_.push_back({add_element(shown_as(tag, token), token), tag, links, token.text});
    ++open_counts_[slot(tag)];
    links_ += links ? 1U : 0U;
    preformatted_ += keeps_whitespace(tag) ? 1U : 0U;
    if (closed) pop_to(stack_.size() - 1);
  }

  // True if "/>" ends an element of this name.
  bool closes_itself(Tag tag) const {
    return markup_ == Markup::xhtml || tag == Tag::unknown || tag == Tag::svg || tag == Tag::math ||
           open_counts_[slot(Tag::svg)] > 0;
  }

  // Ends an <svg> that was not closed, unless the open element is a part of it that holds HTML.
  void leave_svg() {
    for (std::size_t i = stack_.size(); i-- > 1;) {
      if (out_of_steps()) return;
      if (stack_[i].tag == Tag::svg) return pop_to(i);
      const std::string name = lower_ascii(stack_[i].name);
      if (name == "foreignobject" || name == "desc") return;
    }
  }

  // Returns the tag to treat an element as. A declarative shadow root is what its host shows.
  static Tag shown_as(Tag tag, const Token& token) {
    if (tag != Tag::template_) return tag;
    const bool shown = !attribute_of(token, "shadowrootmode").empty() ||
                       !attribute_of(token, "shadowroot").empty();
    return shown ? Tag::div : tag;
  }

  // Ends the deepest elements at the limit of depth, so that the next one is a sibling, as browsers
  // do.
  void make_place(Tag tag) {
    const std::size_t most = limits_.depth + (has_trait(tag, kInline) ? kInlineDepth : 0);
    if (stack_.size() >= most) pop_to(most - 1);
  }

  // True if <noscript> is hidden here. It mostly holds counters and requests to turn scripts on,
  // but inside an element named as the text it is the text. Saved pages have its markup escaped.
  bool hides_noscript() const {
    if (noscript_ == Noscript::everywhere) return false;
    const Node& around = tree_.nodes[stack_.back().node];
    const bool text = around.tag == Tag::article || around.tag == Tag::main ||
                      (around.roles & (kRoleBody | kRoleContent)) != 0;
    return !text || begins_escaped(html_.substr(lexer_.position()));
  }

  static bool begins_escaped(std::string_view content) {
    const std::size_t first = content.find_first_not_of(" \t\r\n\f");
    return first == std::string_view::npos || content.substr(first, 4) == "&lt;";
  }

  void add_void(Tag tag, const Token& token) {
    if (tag == Tag::hr) end_implied(tag);
    const bool visible = tag == Tag::br || tag == Tag::hr || tag == Tag::img || tag == Tag::input;
    if (!visible) return;
    if (tag == Tag::img) {
      const std::string formula = formula_of_picture(token);
      if (!formula.empty()) return add_formula(formula, token, kPicture);
    }
    const std::uint32_t node = add_element(tag, token);
    tree_.nodes[node].end = node + 1;
  }

  void add_formula(const std::string& formula, const Token& token, std::uint8_t marks) {
    if (formula.empty()) return;
    const std::uint32_t node = add_element(Tag::math, token);
    tree_.nodes[node].flags |= marks;
    stack_.push_back({node, Tag::math, false, {}});
    append_text(formula, References::keep);
    stack_.pop_back();
    tree_.nodes[node].end = size();
  }

  void open_raw_text(Tag tag, const Token& token) {
    const std::string_view content = lexer_.take_raw_text(token.text);
    if (tag == Tag::title && tree_.facts.title.empty() && open_counts_[slot(Tag::svg)] == 0) {
      tree_.facts.title = collapse_space(decode_character_references(content));
    }
    if (tag == Tag::script) {
      note_script(token, content, tree_.facts);
      add_formula(formula_in_script(attribute_of(token, "type"), content), token, kSource);
    }
    if (has_trait(tag, kHidden)) return;
    end_implied(tag);
    const std::uint32_t node = add_element(tag, token);
    ++preformatted_;
    stack_.push_back({node, tag, false, {}});
    append_text(content, References::decode);
    stack_.pop_back();
    --preformatted_;
    tree_.nodes[node].end = size();
    after_block_ = true;
  }

  std::uint32_t add_element(Tag tag, const Token& token) {
    const Attributes& attributes = token.attributes;
    Node& node = add_node();
    node.parent = stack_.back().node;
    node.tag = tag;
    node.text_begin = static_cast<std::uint32_t>(tree_.text.size());
    if (!attributes.classes.empty() || !attributes.id.empty() || !attributes.role.empty() ||
        !attributes.itemprop.empty()) {
      node.roles = roles_.find({.id = attributes.id,
                                .classes = attributes.classes,
                                .role = attributes.role,
                                .itemprop = attributes.itemprop});
    }
    const bool credits =
        (node.roles & (kRoleAuthor | kRoleMeta)) != 0 || tag == Tag::time || tag == Tag::a;
    if (credits) note_element(token, tag, size() - 1, node.roles, tree_.facts);
    node.flags |= hiding_marks(tag, token.text, attributes);
    if (!has_trait(tag, kInline)) after_block_ = true;
    return size() - 1;
  }

  /// Appends a node. Reserves as many nodes as the page will have if it continues like this,
  /// because moving them costs as much as making them.
  Node& add_node() {
    std::vector<Node>& nodes = tree_.nodes;
    if (nodes.size() == nodes.capacity()) {
      const double whole = static_cast<double>(nodes.size()) * static_cast<double>(html_.size()) /
                           static_cast<double>(std::max<std::size_t>(lexer_.position(), 1));
      const auto expected =
          static_cast<std::size_t>(std::min(whole, static_cast<double>(limits_.nodes))) + 16;
      reserve_large(nodes, std::max(expected, nodes.size() * 3 / 2));
    }
    return nodes.emplace_back();
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(tree_.nodes.size()); }

  void add_text(std::string_view raw, References references) {
    const bool blank = std::ranges::all_of(raw, is_html_space);
    if (blank && after_block_ && preformatted_ == 0) return;
    if (!blank && stack_.back().tag == Tag::head) pop_to(stack_.size() - 1);
    append_text(raw, references);
  }

  void append_text(std::string_view raw, References references) {
    Node& node = add_node();
    node.parent = stack_.back().node;
    node.tag = Tag::text;
    node.end = size();
    node.text_begin = static_cast<std::uint32_t>(tree_.text.size());
    const SpaceRule rule = preformatted_ > 0 ? SpaceRule::keep : SpaceRule::collapse;
    if (append_text_run(raw, rule, references, tree_.text)) node.flags |= kHasText;
    node.text_size = static_cast<std::uint32_t>(tree_.text.size()) - node.text_begin;
    if (links_ > 0) node.flags |= kInLink;
    if (preformatted_ > 0) node.flags |= kPreformatted;
    if ((node.flags & kHasText) != 0) after_block_ = false;
  }

  // Closes the elements that the start tag of `tag` ends without their end tags.
  void end_implied(Tag tag) {
    if (stack_.back().tag == Tag::head && !belongs_to_head(tag)) pop_to(stack_.size() - 1);
    if (open_counts_[slot(Tag::select)] > 0 && tag != Tag::option && tag != Tag::optgroup) {
      close(Tag::select, "");
    }
    if (ends_paragraph(tag)) close(Tag::p, "");
    if (tag == Tag::a) {
      close(Tag::a, "");
    } else if (tag == Tag::li) {
      end_item(Tag::li, Tag::li);
    } else if (tag == Tag::dt || tag == Tag::dd) {
      end_item(Tag::dt, Tag::dd);
    } else if (tag == Tag::option || tag == Tag::optgroup) {
      close(Tag::option, "");
    } else if (tag == Tag::td || tag == Tag::th) {
      end_item(Tag::td, Tag::th);
    } else if (tag == Tag::tr) {
      close(Tag::tr, "");
    } else if (tag == Tag::tbody || tag == Tag::thead || tag == Tag::tfoot) {
      end_row_group();
    } else if (has_trait(tag, kHeading) && has_trait(stack_.back().tag, kHeading)) {
      pop_to(stack_.size() - 1);
    }
  }

  void end_row_group() {
    for (const Tag group : {Tag::tbody, Tag::thead, Tag::tfoot, Tag::caption}) {
      close(group, "");
    }
  }

  // Closes the innermost `first` or `second` of the current list or table.
  void end_item(Tag first, Tag second) {
    if (open_counts_[slot(first)] + open_counts_[slot(second)] == 0) return;
    const bool cell = is_table_part(first);
    for (std::size_t i = stack_.size(); i-- > 1;) {
      const Tag open_tag = stack_[i].tag;
      if (out_of_steps()) return;
      if (open_tag == first || open_tag == second) return pop_to(i);
      if (cell ? open_tag == Tag::table || open_tag == Tag::tr
               : is_list(open_tag) || has_trait(open_tag, kScope)) {
        return;
      }
    }
  }

  void close(Tag tag, std::string_view name) {
    if (!has_trait(tag, kInline)) after_block_ = true;
    if (tag == Tag::body || tag == Tag::html) return;  // what follows belongs to the page
    const bool heading = has_trait(tag, kHeading);
    if (!heading && open_counts_[slot(tag)] == 0) return;
    const bool formatting = has_trait(tag, kInline);
    bool crossed = false;
    for (std::size_t i = stack_.size(); i-- > 1;) {
      const OpenElement& element = stack_[i];
      if (out_of_steps()) return;
      const bool same = heading ? has_trait(element.tag, kHeading) : element.tag == tag;
      if (same && (tag != Tag::unknown || element.name == name)) {
        if (!crossed) return pop_to(i);
        return unlink(stack_[i]);
      }
      if (is_barrier(tag, element.tag)) return;
      crossed = crossed || (formatting && !has_trait(element.tag, kInline));
    }
  }

  bool out_of_steps() {
    if (steps_ >= limits_.steps) tree_.truncated = true;
    return ++steps_ > limits_.steps;
  }

  void unlink(OpenElement& element) {
    links_ -= element.links ? 1U : 0U;
    element.links = false;
  }

  void pop_to(std::size_t depth) {
    for (; stack_.size() > std::max<std::size_t>(depth, 1); stack_.pop_back()) {
      OpenElement& element = stack_.back();
      tree_.nodes[element.node].end = size();
      unlink(element);
      --open_counts_[slot(element.tag)];
      preformatted_ -= keeps_whitespace(element.tag) ? 1U : 0U;
    }
  }

  static std::size_t slot(Tag tag) { return static_cast<std::size_t>(tag); }

  TreeLimits limits_;
  std::string_view html_;
  Markup markup_;
  Noscript noscript_;
  Lexer lexer_;
  Tree tree_;
  RoleCache roles_;
  std::vector<OpenElement> stack_;
  std::array<std::uint32_t, 256> open_counts_{};
  std::array<bool, 256> opened_{};
  std::uint32_t links_ = 0;
  std::uint32_t preformatted_ = 0;
  std::size_t steps_ = 0;
  std::size_t noscript_letters_ = 0;
  bool after_block_ = true;
};

}  // namespace

Tree parse_html(std::string_view html, Markup markup, const TreeLimits& limits) {
  PageParser parser(html, markup, limits, Noscript::in_text);
  Tree tree = parser.parse();
  if (parser.noscript_letters() < kNoscriptText) return tree;
  // Some pages have their text in <noscript> only.
  const std::uint64_t prose = visible_prose(tree);
  if (prose >= parser.noscript_letters() / 2) return tree;
  Tree whole = PageParser(html, markup, limits, Noscript::everywhere).parse();
  const std::uint64_t more = visible_prose(whole);
  return more >= kNoscriptText && more > 2 * prose ? std::move(whole) : std::move(tree);
}

}  // namespace aludel::text::html
