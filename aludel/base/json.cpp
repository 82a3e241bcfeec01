#include "aludel/base/json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <simdjson.h>

#include "aludel/base/json_escape.h"
#include "aludel/base/utf8.h"

namespace aludel {
namespace {

Json from_dom(simdjson::dom::element element) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::OBJECT: {
      const simdjson::dom::object members(element);
      Json::Object object;
      object.reserve(members.size());
      for (const auto member : members) {
        object.emplace_back(std::string(member.key), from_dom(member.value));
      }
      return object;
    }
    case element_type::ARRAY: {
      Json::Array array;
      for (const auto item : simdjson::dom::array(element)) {
        array.push_back(from_dom(item));
      }
      return array;
    }
    case element_type::STRING:
      return std::string_view(element);
    case element_type::BOOL:
      return bool(element);
    case element_type::INT64:
      return std::int64_t(element);
    case element_type::UINT64:  // only above INT64_MAX: keep the magnitude, not the bits
      return static_cast<double>(std::uint64_t(element));
    case element_type::DOUBLE:
      return double(element);
    default:
      return {};
  }
}

/// Returns the text with ".0" behind each whole number that 64 bits do not hold: JSON has such
/// numbers, and simdjson reads them as reals only.
std::string with_long_integers_as_reals(std::string_view text) {
  std::string out;
  for (std::size_t at = 0, end = 0; at < text.size(); at = end) {
    bool is_long = false;
    if (text[at] == '"') {
      end = at + 1;
      while (end < text.size() && text[end] != '"')
        end += text[end] == '\\' ? 2U : 1U;
      end = std::min(end + 1, text.size());
    } else if (text[at] == '-' || (text[at] >= '0' && text[at] <= '9')) {
      end = std::min(text.find_first_not_of("+-.eE0123456789", at), text.size());
      const std::string_view number = text.substr(at, end - at);
      std::int64_t whole = 0;
      is_long = number.find_first_of(".eE") == std::string_view::npos &&
                std::from_chars(number.data(), number.data() + number.size(), whole).ec ==
                    std::errc::result_out_of_range;
    } else {
      end = std::min(text.find_first_of("\"-0123456789", at), text.size());
    }
    out.append(text.substr(at, end - at)).append(is_long ? ".0" : "");
  }
  return out;
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

/// Writes a name or a text that is UTF-8.
void append_utf8_string(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  std::size_t run = 0;  // where the bytes begin that are written as they are
  for (std::size_t at = 0; (at = find_escaped(text, run)) < text.size(); run = at + 1) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    out.append(text, run, at - run);
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      ((out += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
    }
  }
  out.append(text, run);
  out += '"';
}

/// Writes a name or a text, whose bytes may be any.
void append_string(std::string& out, std::string_view text) {
  if (is_valid_utf8(text)) {
    append_utf8_string(out, text);
  } else {
    append_utf8_string(out, replace_invalid_utf8(text));
  }
}

/// Writes a value; `indent` < 0 means one line.
void append_value(std::string& out, const Json& value, int indent);

void append_break(std::string& out, int indent) {
  if (indent < 0) return;
  out += '\n';
  out.append(2 * static_cast<std::size_t>(indent), ' ');
}

void append_array(std::string& out, const Json::Array& array, int indent) {
  const int inner = indent < 0 ? indent : indent + 1;
  out += '[';
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out += ',';
    append_break(out, inner);
    append_value(out, array[i], inner);
  }
  if (!array.empty()) append_break(out, indent);
  out += ']';
}

void append_object(std::string& out, const Json::Object& object, int indent) {
  const int inner = indent < 0 ? indent : indent + 1;
  out += '{';
  for (std::size_t i = 0; i < object.size(); ++i) {
    if (i > 0) out += ',';
    append_break(out, inner);
    append_string(out, object[i].first);
    out += indent < 0 ? ":" : ": ";
    append_value(out, object[i].second, inner);
  }
  if (!object.empty()) append_break(out, indent);
  out += '}';
}

void append_value(std::string& out, const Json& value, int indent) {
  if (value.is_null()) {
    out += "null";
  } else if (value.is_bool()) {
    out += value.as_bool() ? "true" : "false";
  } else if (value.is_integer()) {
    append_number(out, value.as_integer());
  } else if (value.is_number()) {
    if (value.as_number() == 0 && std::signbit(value.as_number())) {
      out += "-0.0";  // "-0" would be read as a whole number, which has no such zero
    } else if (std::isfinite(value.as_number())) {
      append_number(out, value.as_number());
    } else {
      out += "null";
    }
  } else if (value.is_string()) {
    append_string(out, value.as_string());
  } else if (value.is_array()) {
    append_array(out, value.as_array(), indent);
  } else {
    append_object(out, value.as_object(), indent);
  }
}

}  // namespace

const Json* Json::find(std::string_view key) const {
  if (!is_object()) return nullptr;
  for (const Member& member : as_object()) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

Json* Json::find(std::string_view key) {
  return const_cast<Json*>(std::as_const(*this).find(key));
}

Json& Json::operator[](std::string_view key) {
  if (is_null()) value_ = Object{};
  if (Json* found = find(key)) return *found;
  return as_object().emplace_back(std::string(key), Json()).second;
}

void Json::push_back(Json item) {
  if (is_null()) value_ = Array{};
  as_array().push_back(std::move(item));
}

std::string Json::string_or(std::string_view key, std::string_view otherwise) const {
  const Json* member = find(key);
  return member != nullptr && member->is_string() ? member->as_string() : std::string(otherwise);
}

std::int64_t Json::integer_or(std::string_view key, std::int64_t otherwise) const {
  const Json* member = find(key);
  return member != nullptr && member->is_integer() ? member->as_integer() : otherwise;
}

double Json::number_or(std::string_view key, double otherwise) const {
  const Json* member = find(key);
  return member != nullptr && member->is_number() ? member->as_number() : otherwise;
}

bool Json::bool_or(std::string_view key, bool otherwise) const {
  const Json* member = find(key);
  return member != nullptr && member->is_bool() ? member->as_bool() : otherwise;
}

std::string Json::dump() const {
  std::string out;
  append_to(out);
  return out;
}

void Json::append_to(std::string& out) const {
  append_value(out, *this, -1);
}

std::string Json::dump_pretty() const {
  std::string out;
  append_value(out, *this, 0);
  return out += '\n';
}

Result<Json> parse_json(std::string_view text) {
  // One parser a thread: simdjson reuses its buffers.
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element element;
  if (text.data() == nullptr) text = "";  // simdjson copies: undefined from null, even of nothing
  auto error = parser.parse(text.data(), text.size()).get(element);
  if (error == simdjson::NUMBER_ERROR) {
    error = parser.parse(with_long_integers_as_reals(text)).get(element);
  }
  if (error != simdjson::SUCCESS) {
    return Error{Code::corrupt_data, std::string("[json] ") + simdjson::error_message(error)};
  }
  return from_dom(element);
}

}  // namespace aludel
