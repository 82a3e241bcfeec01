#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// Splits HTML into text and tags, in one pass and without copying.
namespace aludel::text::html {

/// True for the characters that HTML calls white space.
constexpr bool is_html_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

/// The rules by which a page is read. In XHTML "/>" closes every element, in HTML only foreign ones
/// (SVG and MathML). Only XHTML has CDATA sections and namespaces.
enum class Markup : std::uint8_t { html, xhtml };

/// The attributes that extraction reads of every element, as written (references are not decoded).
/// If an attribute is repeated, the first one counts.
struct Attributes {
  std::string_view id, classes, role, itemprop, style, lang, name, property, content, aria_hidden,
      rel;
  bool has_href = false;
  bool has_hidden = false;  // but not "until-found", which a reader can find
  bool has_open = false;
};

enum class TokenKind : std::uint8_t { text, characters, open, close, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;                // text: as written; characters: literal; tags: the name
  std::string_view written_attributes;  // of tags: all attributes, as written
  Attributes attributes;                // of tags
  bool has_attributes = false;          // true if one of `attributes` has been set
  bool self_closing = false;            // of tags
};

/// Returns the value of any attribute of a tag, as written; empty if the tag does not have it.
std::string_view attribute_of(const Token& token, std::string_view lower_name);

/// Reader of a page's tokens. Skips comments, declarations and processing instructions. Accepts any
/// bytes: whatever is not a tag is text.
class Lexer {
 public:
  explicit Lexer(std::string_view html, Markup markup = Markup::html)
      : html_(html), markup_(markup) {}

  /// Reads the next token. Its views point into the page. OPTIMIZATION: takes the token before,
  /// whose fields are cleared only if they have been set.
  void next(Token& token);

  /// Skips past the end tag of a raw-text element and returns the content before it. Without an end
  /// tag, the content is the rest of the page.
  std::string_view take_raw_text(std::string_view name);

  /// Returns the byte at which the next token begins.
  std::size_t position() const { return at_; }

  /// Continues from a position that position() has returned before.
  void return_to(std::size_t position) { at_ = position; }

 private:
  friend std::string_view attribute_of(const Token& token, std::string_view lower_name);

  struct WrittenAttribute {
    std::string_view name;
    std::string_view value;
  };

  bool skip_markup_declaration();
  std::size_t end_of_declaration() const;
  void read_text(Token& token);
  void read_characters(Token& token);
  void read_tag(Token& token);
  template <class Take>
  bool read_attributes(Take take);
  std::string_view read_value();
  void skip_space();
  void note_namespace(const WrittenAttribute& attribute);
  std::string_view local_name(std::string_view name) const;
  std::string_view written_name(std::string_view name) const;

  std::string_view html_;
  Markup markup_;
  std::size_t at_ = 0;
  std::vector<std::string_view> prefixes_;  // that stand for the namespaces of XHTML and MathML
};

}  // namespace aludel::text::html
