#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Splits HTML into text and tags, in one pass and without copying.
namespace aludel::text::html {

/// The attributes that extraction reads, as written (references not decoded); the first of a name
/// counts.
struct Attributes {
  std::string_view id, classes, role, itemprop, style, lang, name, property, content, aria_hidden;
  bool has_href = false;
  bool has_hidden = false;
};

enum class TokenKind : std::uint8_t { text, open, close, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  // text: as written; open and close: the tag's name
  Attributes attributes;
  bool self_closing = false;
};

/// Comments, declarations and processing instructions are skipped. Any bytes are accepted: what is
/// no tag is text.
class Lexer {
 public:
  explicit Lexer(std::string_view html) : html_(html) {}

  /// The next token; views into the page.
  Token next();

  /// Skips to the end tag of a raw-text element and past it; returns what lay between. Without an
  /// end tag that is the rest of the page.
  std::string_view take_raw_text(std::string_view name);

  /// Where in the page the next token begins.
  std::size_t position() const { return at_; }

 private:
  bool skip_markup_declaration();
  Token read_tag();
  void read_attributes(Token& token);
  std::string_view read_value();
  void skip_space();

  std::string_view html_;
  std::size_t at_ = 0;
};

}  // namespace aludel::text::html
