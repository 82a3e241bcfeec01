#include "aludel/io/xml.h"

#include <algorithm>
#include <charconv>

#include "aludel/base/utf8.h"

namespace aludel::io {
namespace {

constexpr std::string_view kXmlBlank = " \t\r\n";

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// Appends what the reference between & and ; stands for; one that is not known stays as it is.
void append_reference(std::string_view reference, std::string& out) {
  constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [name, letter] : kNamed) {
    if (reference == name) {
      out += letter;
      return;
    }
  }
  if (reference.starts_with('#')) {
    const bool is_hex = reference.size() > 1 && (reference[1] == 'x' || reference[1] == 'X');
    const std::string_view digits = reference.substr(is_hex ? 2 : 1);
    std::uint32_t code = 0;
    const auto number =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
    const bool is_character = code != 0 && code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
    if (number.ec == std::errc() && number.ptr == digits.data() + digits.size() && is_character) {
      append_utf8(out, static_cast<char32_t>(code));
      return;
    }
  }
  out.append("&").append(reference).append(";");
}

std::string decode_references(std::string_view text) {
  constexpr std::size_t kMaxReferenceBytes = 12;
  std::string out;
  while (!text.empty()) {
    const std::size_t mark = std::min(text.find('&'), text.size());
    out.append(text.substr(0, mark));
    text.remove_prefix(mark);
    if (text.empty()) break;
    const std::size_t end = text.substr(0, kMaxReferenceBytes).find(';');
    if (end == std::string_view::npos) {
      out += '&';
      text.remove_prefix(1);
    } else {
      append_reference(text.substr(1, end - 1), out);
      text.remove_prefix(end + 1);
    }
  }
  return out;
}

Error endless(std::string_view what) {
  return {Code::corrupt_data, "[xml] a " + std::string(what) + " does not end"};
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(kXmlBlank, at), text.size());
}

}  // namespace

std::string_view XmlToken::attribute(std::string_view wanted) const {
  for (const auto& [attribute_name, value] : attributes) {
    if (attribute_name == wanted) return value;
  }
  return "";
}

Result<bool> XmlReader::next(XmlToken& token) {
  token = {};
  if (must_close_) {
    must_close_ = false;
    token.kind = XmlToken::Kind::end;
    token.name = closing_;
    return true;
  }
  constexpr std::pair<std::string_view, std::string_view> kPassedOver[] = {
      {"<!--", "-->"}, {"<?", "?>"}, {"<!", ">"}};
  while (!rest_.empty()) {
    if (rest_.starts_with("<![CDATA[")) {
      const std::size_t end = rest_.find("]]>");
      if (end == std::string_view::npos) return endless("CDATA section");
      token.text = rest_.substr(9, end - 9);
      rest_.remove_prefix(end + 3);
      return true;
    }
    const auto* passed = std::ranges::find_if(
        kPassedOver, [this](const auto& pair) { return rest_.starts_with(pair.first); });
    if (passed != std::end(kPassedOver)) {
      const std::size_t end = rest_.find(passed->second, passed->first.size());
      if (end == std::string_view::npos) return endless("comment or declaration");
      rest_.remove_prefix(end + passed->second.size());
      continue;
    }
    if (rest_.starts_with('<')) {
      ALUDEL_TRY(read_tag(token));
      return true;
    }
    const std::size_t end = std::min(rest_.find('<'), rest_.size());
    token.text = decode_references(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return true;
  }
  return false;
}

Status XmlReader::read_tag(XmlToken& token) {
  const bool is_end = rest_.starts_with("</");
  const std::size_t name_begin = is_end ? 2 : 1;
  const std::size_t name_end = rest_.find_first_of(" \t\r\n/>", name_begin);
  if (name_end == std::string_view::npos) return endless("tag");
  token.kind = is_end ? XmlToken::Kind::end : XmlToken::Kind::start;
  token.name = local_name(rest_.substr(name_begin, name_end - name_begin));
  std::size_t at = skip_blanks(rest_, name_end);
  while (at < rest_.size() && rest_[at] != '>') {
    if (rest_[at] == '/') {
      must_close_ = !is_end;
      closing_ = token.name;
      at = skip_blanks(rest_, at + 1);
      continue;
    }
    const std::size_t equals = rest_.find_first_of("=>", at);
    if (equals == std::string_view::npos) return endless("tag");
    if (rest_[equals] == '>') {  // an attribute without a value
      at = equals;
      break;
    }
    const std::string_view raw_name = rest_.substr(at, equals - at);
    const std::size_t quote = skip_blanks(rest_, equals + 1);
    const bool is_quoted = quote < rest_.size() && (rest_[quote] == '"' || rest_[quote] == '\'');
    if (!is_quoted) return Error{Code::corrupt_data, "[xml] an attribute without quotes"};
    const std::size_t end = rest_.find(rest_[quote], quote + 1);
    if (end == std::string_view::npos) return endless("attribute");
    token.attributes.emplace_back(
        local_name(raw_name.substr(0, raw_name.find_last_not_of(kXmlBlank) + 1)),
        decode_references(rest_.substr(quote + 1, end - quote - 1)));
    at = skip_blanks(rest_, end + 1);
  }
  if (at >= rest_.size()) return endless("tag");
  rest_.remove_prefix(at + 1);
  return Ok{};
}

}  // namespace aludel::io
