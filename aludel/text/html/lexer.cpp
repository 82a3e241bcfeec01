#include "aludel/text/html/lexer.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "aludel/base/ascii.h"

namespace aludel::text::html {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_ascii_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool same_name(std::string_view name, std::string_view lower) {
  return name.size() == lower.size() &&
         std::equal(name.begin(), name.end(), lower.begin(),
                    [](char a, char b) { return lower_ascii(a) == b; });
}

// Returns the table of bytes that end the name of a tag or attribute.
constexpr std::array<bool, 256> make_name_ends() {
  std::array<bool, 256> ends{};
  for (const char c : {' ', '\n', '\t', '\r', '\f', '/', '>', '='}) {
    ends[static_cast<unsigned char>(c)] = true;
  }
  return ends;
}

constexpr std::array<bool, 256> kEndsName = make_name_ends();

/// Where an attribute is stored: as its value, or as a flag that it is there.
struct AttributeField {
  std::string_view name;
  std::string_view Attributes::*value = nullptr;
  bool Attributes::*flag = nullptr;
};

constexpr AttributeField kAttributeFields[] = {
    {"class", &Attributes::classes},
    {"id", &Attributes::id},
    {"style", &Attributes::style},
    {"role", &Attributes::role},
    {"itemprop", &Attributes::itemprop},
    {"aria-hidden", &Attributes::aria_hidden},
    {"lang", &Attributes::lang},
    {"xml:lang", &Attributes::lang},
    {"name", &Attributes::name},
    {"property", &Attributes::property},
    {"content", &Attributes::content},
    {"rel", &Attributes::rel},
    {"href", nullptr, &Attributes::has_href},
    {"hidden", nullptr, &Attributes::has_hidden},
    {"open", nullptr, &Attributes::has_open},
};

constexpr std::size_t kFieldSlots = 512;

/// No two names of kAttributeFields agree in their length and first letter.
constexpr std::size_t field_slot(std::string_view name) {
  return (name.size() % 16) * 32 + (static_cast<unsigned char>(name[0]) & 31U);
}

// Returns the table of the names' slots: 1 + the row of kAttributeFields, or 0.
constexpr std::array<std::uint8_t, kFieldSlots> make_field_rows() {
  std::array<std::uint8_t, kFieldSlots> rows{};
  for (std::size_t row = 0; row < std::size(kAttributeFields); ++row) {
    rows[field_slot(kAttributeFields[row].name)] = static_cast<std::uint8_t>(row + 1);
  }
  return rows;
}

constexpr std::array<std::uint8_t, kFieldSlots> kFieldRows = make_field_rows();
static_assert(std::size(kAttributeFields) ==
              static_cast<std::size_t>(std::ranges::count_if(kFieldRows,
                                                             [](auto row) { return row != 0; })));

void store_attribute(std::string_view name, std::string_view value, Token& token) {
  const std::size_t row = kFieldRows[field_slot(name)];
  if (row == 0 || !same_name(name, kAttributeFields[row - 1].name)) return;  // data-target, width
  const AttributeField& field = kAttributeFields[row - 1];
  token.has_attributes = true;
  if (field.flag == &Attributes::has_hidden) {
    token.attributes.has_hidden = !same_name(value, "until-found");
  } else if (field.flag != nullptr) {
    token.attributes.*field.flag = true;
  } else {
    // Of two with one name the first counts, also if it is empty (HTML, 13.2.5.33).
    std::string_view& stored = token.attributes.*field.value;
    if (stored.data() == nullptr) stored = value.data() == nullptr ? name.substr(0, 0) : value;
  }
}

// Finds the end of a comment, "-->" or "--!>", in the text behind its "<!--".
std::size_t after_comment(std::string_view text) {
  if (text.starts_with(">")) return 1;
  if (text.starts_with("->")) return 2;
  for (std::size_t at = text.find("--"); at != kNone; at = text.find("--", at + 1)) {
    const std::string_view rest = text.substr(at + 2);
    if (rest.starts_with(">")) return at + 3;
    if (rest.starts_with("!>")) return at + 4;
  }
  return text.size();
}

std::size_t after(std::string_view text, std::string_view end) {
  const std::size_t at = text.find(end);
  return at == kNone ? text.size() : at + end.size();
}

constexpr std::string_view kCharacters = "<![CDATA[";

}  // namespace

void Lexer::skip_space() {
  while (at_ < html_.size() && is_html_space(html_[at_])) {
    ++at_;
  }
}

// Passes each attribute of a tag to `take` until it returns false, else reads past the ">". Returns
// true if "/" stands before the ">".
template <class Take>
bool Lexer::read_attributes(Take take) {
  bool self_closing = false;
  while (at_ < html_.size()) {
    const char c = html_[at_];
    if (c == '>') {
      ++at_;
      return self_closing;
    }
    if (c == '/' || is_html_space(c)) {
      self_closing = c == '/';
      ++at_;
      continue;
    }
    self_closing = false;
    const std::size_t begin = at_++;  // a name may begin with "="
    while (at_ < html_.size() && !kEndsName[static_cast<unsigned char>(html_[at_])]) {
      ++at_;
    }
    WrittenAttribute attribute{html_.substr(begin, at_ - begin), {}};
    skip_space();
    if (at_ < html_.size() && html_[at_] == '=') {
      ++at_;
      attribute.value = read_value();
    }
    if (!take(attribute)) return false;
  }
  return self_closing;
}

std::string_view attribute_of(const Token& token, std::string_view lower_name) {
  std::string_view value;
  Lexer(token.written_attributes).read_attributes([&](const Lexer::WrittenAttribute& attribute) {
    const bool same = same_name(attribute.name, lower_name);
    if (same) value = attribute.value;
    return !same;
  });
  return value;
}

void Lexer::next(Token& token) {
  while (at_ < html_.size()) {
    if (html_[at_] != '<') return read_text(token);
    const char after = at_ + 1 < html_.size() ? html_[at_ + 1] : '\0';
    const char letter = after == '/' && at_ + 2 < html_.size() ? html_[at_ + 2] : after;
    if (is_ascii_letter(letter)) return read_tag(token);
    if (markup_ == Markup::xhtml && html_.substr(at_).starts_with(kCharacters)) {
      return read_characters(token);
    }
    if (!skip_markup_declaration()) return read_text(token);
  }
  token.kind = TokenKind::end;
  token.text = {};
}

// Reads text up to the next "<" that may open something; the text itself may begin with a "<".
void Lexer::read_text(Token& token) {
  const std::size_t end = std::min(html_.find('<', at_ + 1), html_.size());
  token.kind = TokenKind::text;
  token.text = html_.substr(at_, end - at_);
  at_ = end;
}

// Skips "<!--…-->", "<!…>", "<?…>" and "</" without a letter behind. Returns false if "<" is text.
bool Lexer::skip_markup_declaration() {
  const std::string_view rest = html_.substr(at_);
  if (!rest.starts_with("<!") && !rest.starts_with("<?") && !rest.starts_with("</")) return false;
  at_ += end_of_declaration();
  return true;
}

std::size_t Lexer::end_of_declaration() const {
  const std::string_view rest = html_.substr(at_);
  if (rest.starts_with("<!--")) return 4 + after_comment(rest.substr(4));
  if (markup_ == Markup::xhtml) {
    if (rest.starts_with("<?")) return after(rest, "?>");
    // <!DOCTYPE html [ <!ENTITY a "b"> ]>
    const std::size_t subset = rest.substr(0, rest.find('>')).find('[');
    if (subset != kNone) {
      const std::size_t end = after(rest, "]");
      return end + after(rest.substr(end), ">");
    }
  }
  return after(rest, ">");
}

void Lexer::read_characters(Token& token) {
  const std::string_view rest = html_.substr(at_ + kCharacters.size());
  const std::size_t end = std::min(rest.find("]]>"), rest.size());
  at_ = std::min(at_ + kCharacters.size() + end + 3, html_.size());
  token.kind = TokenKind::characters;
  token.text = rest.substr(0, end);
}

void Lexer::read_tag(Token& token) {
  if (token.has_attributes) token.attributes = {};
  token.has_attributes = false;
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
  const std::size_t end = at_;
  token.self_closing = read_attributes([&](const WrittenAttribute& attribute) {
    store_attribute(attribute.name, attribute.value, token);
    if (markup_ == Markup::xhtml) note_namespace(attribute);
    return true;
  });
  token.text = html_.substr(begin, end - begin);
  if (!prefixes_.empty()) token.text = local_name(token.text);
  token.written_attributes = html_.substr(end, at_ - end);
}

// Notes a namespace: <h:html xmlns:h="http://www.w3.org/1999/xhtml"> makes "h:" a prefix of XHTML.
void Lexer::note_namespace(const WrittenAttribute& attribute) {
  constexpr std::string_view kDeclares = "xmlns:";
  if (!attribute.name.starts_with(kDeclares)) return;
  const bool known = attribute.value.ends_with("/1999/xhtml") ||
                     attribute.value.ends_with("/Math/MathML") ||
                     attribute.value.ends_with("/2000/svg");
  const std::string_view prefix = attribute.name.substr(kDeclares.size());
  if (!known || std::find(prefixes_.begin(), prefixes_.end(), prefix) != prefixes_.end()) return;
  if (prefixes_.size() < 8) prefixes_.push_back(prefix);
}

std::string_view Lexer::local_name(std::string_view name) const {
  const std::size_t colon = name.find(':');
  if (colon == kNone) return name;
  const std::string_view prefix = name.substr(0, colon);
  const bool known = std::find(prefixes_.begin(), prefixes_.end(), prefix) != prefixes_.end();
  return known ? name.substr(colon + 1) : name;
}

// Returns the name of a tag as this page writes it, with its namespace prefix.
std::string_view Lexer::written_name(std::string_view name) const {
  const auto local = static_cast<std::size_t>(name.data() - html_.data());
  const std::size_t begin = html_.rfind('<', local) + 1;
  return html_.substr(begin, local + name.size() - begin);
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
  if (!prefixes_.empty()) name = written_name(name);
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
