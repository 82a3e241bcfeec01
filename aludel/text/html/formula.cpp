#include "aludel/text/html/formula.h"

#include <algorithm>
#include <vector>

#include "aludel/base/ascii.h"
#include "aludel/text/html/entity.h"
#include "aludel/text/html/tag.h"
#include "aludel/text/html/text_run.h"

namespace aludel::text::html {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f") == std::string_view::npos;
}

// True if the text has a sign of TeX. A description in prose ("E equals m c squared") has none.
bool is_tex(std::string_view text) {
  return text.find_first_of("\\^_{") != std::string_view::npos;
}

// True if a word of the class is "tex" or "latex", or begins with "math", "formula" or "equation".
bool names_formula(std::string_view classes) {
  const std::string lower = lower_ascii(classes);
  for (std::string_view rest = lower; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of(" -_"), rest.size());
    const std::string_view word = rest.substr(0, end);
    if (word == "tex" || word == "latex" || word == "quicklatex" || word.starts_with("math") ||
        word.starts_with("formula") || word.starts_with("equation")) {
      return true;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

// True for "application/x-tex", "LaTeX" and "text/x-tex", but not for "text/plain".
bool names_tex(std::string_view lower_encoding) {
  const std::size_t slash = lower_encoding.find('/');
  const std::string_view subtype =
      lower_encoding.substr(slash == std::string_view::npos ? 0 : slash + 1);
  return subtype.find("tex") != std::string_view::npos && subtype != "text";
}

// Removes U+2061 to U+2064 (function application, invisible times, separator and plus), which a
// reader does not see.
std::string without_invisible_operators(std::string_view text) {
  constexpr std::string_view kLead = "\xE2\x81";
  std::string visible;
  while (!text.empty()) {
    const std::size_t lead = std::min(text.find(kLead), text.size());
    const std::string_view sign = text.substr(lead, 3);
    const bool is_invisible = sign.size() == 3 && sign[2] >= '\xA1' && sign[2] <= '\xA4';
    visible += text.substr(0, is_invisible ? lead : lead + sign.size());
    text.remove_prefix(lead + sign.size());
  }
  return visible;
}

// Returns the signs between children of an element that MathML does not set side by side.
std::string_view signs_of(const Token& token, std::string_view name) {
  if (name == "mfrac") {  // without a line it is a binomial
    return attribute_of(token, "linethickness").starts_with('0') ? " " : "/";
  }
  if (name == "msup" || name == "mover") return "^";
  if (name == "msub" || name == "munder") return "_";
  return name == "msubsup" || name == "munderover" ? "_^" : "";
}

// Writes in one line what MathML says by position: ½ is 1/2 and not 12. Puts parts of more than one
// sign in parentheses: (a+b)/2, x^(n+1). Writes a lone sign, as the prime of f′, without ^.
class LinearFormula {
 public:
  void open(std::string name, std::string_view signs) {
    elements_.push_back({std::move(name), signs, text_.size(), leaves_});
  }

  // Ends the open element. Ignores an end tag that does not fit, so misnested content has no signs.
  void close(std::string_view name) {
    if (elements_.empty() || elements_.back().name != name) return;
    const Element child = std::move(elements_.back());
    elements_.pop_back();
    if (!elements_.empty()) place(child, elements_.back());
  }

  void add(std::string_view text) {
    text_ += text;
    ++leaves_;
    ends_in_operator_ = !elements_.empty() && elements_.back().name == "mo";
  }

  std::string text() const {
    std::vector<Sign> signs = signs_;
    std::ranges::stable_sort(signs, [](const Sign& a, const Sign& b) {
      return a.position != b.position ? a.position < b.position : a.rank < b.rank;
    });
    std::string text;
    std::size_t done = 0;
    for (const Sign& sign : signs) {
      text += std::string_view(text_).substr(done, sign.position - done);
      done = sign.position;
      const bool follows_digit = !text.empty() && text.back() >= '0' && text.back() <= '9';
      if (sign.rank != kSpace || follows_digit) text += sign.sign;
    }
    return text + text_.substr(done);
  }

 private:
  // The order of signs at the same position.
  enum Rank : std::uint8_t { kEnd, kSeparator, kBegin, kSpace };

  struct Element {
    std::string name;
    std::string_view signs;
    std::size_t begin = 0;
    std::size_t leaves_before = 0;
    std::size_t children = 0;
  };

  struct Sign {
    std::size_t position = 0;
    Rank rank = kSeparator;
    char sign = ' ';
  };

  void place(const Element& child, Element& parent) {
    const std::size_t number = parent.children++;
    const std::size_t leaves = leaves_ - child.leaves_before;
    if (parent.signs.empty() || leaves == 0 || number > parent.signs.size()) return;
    const bool is_fraction = parent.name == "mfrac";
    if (!is_fraction && (number == 0 || (leaves == 1 && ends_in_operator_))) return;
    if (leaves > 1) {
      signs_.push_back({child.begin, kBegin, '('});
      signs_.push_back({text_.size(), kEnd, ')'});
    }
    const bool is_first = number == 0;  // 3½ is 3 1/2
    signs_.push_back(
        {child.begin, is_first ? kSpace : kSeparator, is_first ? ' ' : parent.signs[number - 1]});
  }

  std::string text_;
  std::size_t leaves_ = 0;
  bool ends_in_operator_ = false;
  std::vector<Element> elements_;  // the open ones
  std::vector<Sign> signs_;        // to insert into the text
};

// Gathers the characters and the source of one <math>.
class FormulaReader {
 public:
  explicit FormulaReader(Lexer& lexer) : lexer_(lexer) {}

  void read() {
    std::size_t before = lexer_.position();
    Token token;
    for (lexer_.next(token); token.kind != TokenKind::end; lexer_.next(token)) {
      const std::string name = lower_ascii(token.text);
      if (token.kind == TokenKind::close && name == "math") return;
      if (token.kind == TokenKind::open || token.kind == TokenKind::close) {
        if (ends_formula(token)) return lexer_.return_to(before);
        enter_or_leave(token, name);
      } else {
        add(token);
      }
      before = lexer_.position();
    }
  }

  std::string tex() const { return collapse_space(tex_); }

  std::string characters() const {
    return collapse_space(without_invisible_operators(characters_.text()));
  }

 private:
  // True if the tag ends the formula, as in browsers, unless it is inside an annotation in HTML.
  bool ends_formula(const Token& token) const {
    const Tag tag = tag_of(token.text);
    return !holds_html_ && !(in_text_ && tag == Tag::br) && tag != Tag::unknown &&
           !has_trait(tag, kInline);
  }

  void enter_or_leave(const Token& token, std::string_view name) {
    const bool opens = token.kind == TokenKind::open && !token.self_closing;
    if (name == "mtext") in_text_ = opens;
    if (annotation_.empty()) {
      if (token.kind == TokenKind::open) characters_.open(std::string(name), signs_of(token, name));
      if (!opens) characters_.close(name);
      if (!opens || !name.starts_with("annotation")) return;
      const std::string encoding = lower_ascii(attribute_of(token, "encoding"));
      annotation_ = name;
      reads_tex_ = tex_.empty() && names_tex(encoding);
      holds_html_ = name == "annotation-xml" && encoding.find("html") != std::string::npos;
    } else if (token.kind == TokenKind::close && name == annotation_) {
      characters_.close(name);
      annotation_.clear();
      holds_html_ = false;
    }
  }

  void add(const Token& token) {
    if (!annotation_.empty() && !reads_tex_) return;
    if (annotation_.empty() && !in_text_ && is_blank(token.text)) return;
    const bool literal = token.kind == TokenKind::characters;
    const std::string text =
        literal ? std::string(token.text) : decode_character_references(token.text);
    if (annotation_.empty()) {
      characters_.add(in_text_ ? text : collapse_space(text));
    } else {
      tex_ += text;
    }
  }

  Lexer& lexer_;
  std::string annotation_;  // name of the open annotation
  bool reads_tex_ = false;
  bool holds_html_ = false;
  bool in_text_ = false;
  std::string tex_;
  LinearFormula characters_;
};

}  // namespace

std::string delimited_tex(std::string_view tex) {
  std::string text = collapse_space(tex);
  for (const std::string_view style : {"{\\displaystyle", "{\\textstyle", "{\\scriptstyle"}) {
    if (!text.starts_with(style) || !text.ends_with('}')) continue;
    text =
        collapse_space(std::string_view(text).substr(style.size(), text.size() - style.size() - 1));
  }
  if (text.empty()) return text;
  const bool delimited = text.starts_with('$') || text.starts_with("\\(") ||
                         text.starts_with("\\[") || text.starts_with("\\begin");
  return delimited ? text : "$" + text + "$";
}

std::string read_formula(Lexer& lexer, const Token& math) {
  FormulaReader reader(lexer);
  if (!math.self_closing) reader.read();
  const std::string tex = reader.tex();
  if (!tex.empty()) return delimited_tex(tex);
  const std::string said =
      collapse_space(decode_character_references(attribute_of(math, "alttext")));
  if (is_tex(said)) return delimited_tex(said);
  std::string characters = reader.characters();
  return characters.empty() ? said : characters;
}

std::string formula_in_script(std::string_view type, std::string_view content) {
  const std::string lower = lower_ascii(type);
  if (lower.starts_with("math/tex") || lower.starts_with("math/latex")) {
    return delimited_tex(content);
  }
  if (lower.starts_with("math/mml")) {
    Lexer lexer(content);
    Token math;
    lexer.next(math);
    return lower_ascii(math.text) == "math" ? read_formula(lexer, math) : std::string();
  }
  return lower.starts_with("math/asciimath") ? collapse_space(content) : std::string();
}

std::string formula_of_picture(const Token& img) {
  const std::string_view written = img.written_attributes;
  const bool named = !img.attributes.classes.empty() && names_formula(img.attributes.classes);
  if (!named && written.find('\\') == std::string_view::npos &&
      written.find('^') == std::string_view::npos) {
    return "";
  }
  const std::string text = collapse_space(decode_character_references(attribute_of(img, "alt")));
  const bool certain =
      text.find('{') != std::string::npos && text.find_first_of("\\^_") != std::string::npos;
  return is_tex(text) && (certain || named) ? delimited_tex(text) : "";
}

}  // namespace aludel::text::html
