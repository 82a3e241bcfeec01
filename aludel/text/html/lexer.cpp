#include "aludel/text/html/lexer.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "aludel/base/ascii.h"

namespace aludel::text::html {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_html_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

bool is_ascii_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool same_name(std::string_view name, std::string_view lower) {
  return name.size() == lower.size() &&
         std::equal(name.begin(), name.end(), lower.begin(),
                    [](char a, char b) { return lower_ascii(a) == b; });
}

// Which bytes end the name of a tag or attribute.
constexpr std::array<bool, 256> make_name_ends() {
  std::array<bool, 256> ends{};
  for (const char c : {' ', '\n', '\t', '\r', '\f', '/', '>', '='}) {
    ends[static_cast<unsigned char>(c)] = true;
  }
  return ends;
}

constexpr std::array<bool, 256> kEndsName = make_name_ends();

struct AttributeField {
  std::string_view name;
  std::string_view Attributes::*value;
};

constexpr AttributeField kAttributeFields[] = {
    {"class", &Attributes::classes},     {"id", &Attributes::id},
    {"style", &Attributes::style},       {"role", &Attributes::role},
    {"itemprop", &Attributes::itemprop}, {"aria-hidden", &Attributes::aria_hidden},
    {"lang", &Attributes::lang},         {"xml:lang", &Attributes::lang},
    {"name", &Attributes::name},         {"property", &Attributes::property},
    {"content", &Attributes::content},
};

void store_attribute(Attributes& attributes, std::string_view name, std::string_view value) {
  if (same_name(name, "href")) {
    attributes.has_href = true;
    return;
  }
  if (same_name(name, "hidden")) {
    attributes.has_hidden = true;
    return;
  }
  for (const AttributeField& field : kAttributeFields) {
    if (!same_name(name, field.name)) continue;
    if ((attributes.*field.value).empty()) attributes.*field.value = value;
    return;
  }
}

}  // namespace

void Lexer::skip_space() {
  while (at_ < html_.size() && is_html_space(html_[at_])) {
    ++at_;
  }
}

Token Lexer::next() {
  while (at_ < html_.size()) {
    if (html_[at_] == '<') {
      const char after = at_ + 1 < html_.size() ? html_[at_ + 1] : '\0';
      const char letter = after == '/' && at_ + 2 < html_.size() ? html_[at_ + 2] : after;
      if (is_ascii_letter(letter)) return read_tag();
      if (skip_markup_declaration()) continue;
    }
    // Text up to the next "<" that opens something; this "<" itself may be text.
    std::size_t end = html_.find('<', at_ + 1);
    end = end == kNone ? html_.size() : end;
    Token token{.kind = TokenKind::text, .text = html_.substr(at_, end - at_), .attributes = {}};
    at_ = end;
    return token;
  }
  return {};
}

// "<!--…-->", "<!…>", "<?…>" and "</" before no letter. Returns false if "<" is plain text.
bool Lexer::skip_markup_declaration() {
  const std::string_view rest = html_.substr(at_);
  std::size_t end = kNone;
  std::size_t size = 1;
  if (rest.starts_with("<!--")) {
    const bool empty = rest.starts_with("<!-->") || rest.starts_with("<!--->");
    end = empty ? rest.find('>') : rest.find("-->", 4);
    size = empty ? 1 : 3;
  } else if (rest.starts_with("<!") || rest.starts_with("<?") || rest.starts_with("</")) {
    end = rest.find('>');
  } else {
    return false;
  }
  at_ = end == kNone ? html_.size() : at_ + end + size;
  return true;
}

Token Lexer::read_tag() {
  Token token;
  ++at_;
  token.kind = TokenKind::open;
  if (html_[at_] == '/') {
    token.kind = TokenKind::close;
    ++at_;
  }
  const std::size_t begin = at_;
  while (at_ < html_.size() && !kEndsName[static_cast<unsigned char>(html_[at_])]) {
    ++at_;
  }
  token.text = html_.substr(begin, at_ - begin);
  read_attributes(token);
  return token;
}

void Lexer::read_attributes(Token& token) {
  while (at_ < html_.size()) {
    const char c = html_[at_];
    if (c == '>') {
      ++at_;
      return;
    }
    if (c == '/' || is_html_space(c)) {
      token.self_closing = c == '/';
      ++at_;
      continue;
    }
    token.self_closing = false;
    const std::size_t begin = at_++;  // a name may begin with "="
    while (at_ < html_.size() && !kEndsName[static_cast<unsigned char>(html_[at_])]) {
      ++at_;
    }
    const std::string_view name = html_.substr(begin, at_ - begin);
    skip_space();
    std::string_view value;
    if (at_ < html_.size() && html_[at_] == '=') {
      ++at_;
      value = read_value();
    }
    store_attribute(token.attributes, name, value);
  }
}

std::string_view Lexer::read_value() {
  skip_space();
  if (at_ >= html_.size()) return "";
  const char quote = html_[at_];
  if (quote == '"' || quote == '\'') {
    const std::size_t begin = ++at_;
    const std::size_t close = std::min(html_.find(quote, begin), html_.size());
    at_ = std::min(close + 1, html_.size());
    return html_.substr(begin, close - begin);
  }
  const std::size_t begin = at_;
  while (at_ < html_.size() && html_[at_] != '>' && !is_html_space(html_[at_])) {
    ++at_;
  }
  return html_.substr(begin, at_ - begin);
}

std::string_view Lexer::take_raw_text(std::string_view name) {
  const std::size_t begin = at_;
  for (std::size_t open = html_.find("</", at_); open != kNone; open = html_.find("</", open + 2)) {
    const std::size_t after = open + 2 + name.size();
    if (after >= html_.size()) break;
    const bool same =
        std::equal(name.begin(), name.end(), html_.begin() + static_cast<std::ptrdiff_t>(open) + 2,
                   [](char a, char b) { return lower_ascii(a) == lower_ascii(b); });
    if (!same || !kEndsName[static_cast<unsigned char>(html_[after])]) continue;
    const std::size_t close = html_.find('>', after);
    at_ = close == kNone ? html_.size() : close + 1;
    return html_.substr(begin, open - begin);
  }
  at_ = html_.size();
  return html_.substr(begin);
}

}  // namespace aludel::text::html
