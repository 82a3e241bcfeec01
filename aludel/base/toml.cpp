#include <algorithm>

#include <toml++/toml.h>

#include "aludel/base/json.h"

namespace aludel {
namespace {

Json from_node(const toml::node& node) {
  Json value;
  if (const auto* table = node.as_table()) {
    Json::Object object;
    for (const auto& [key, child] : *table) {
      object.emplace_back(std::string(key.str()), from_node(child));
    }
    value = std::move(object);
  } else if (const auto* array = node.as_array()) {
    Json::Array items;
    for (const auto& child : *array) {
      items.push_back(from_node(child));
    }
    value = std::move(items);
  } else if (const auto* text = node.as_string()) {
    value = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    value = number->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value = boolean->get();
  } else {  // dates and times: as they are written
    std::ostringstream written;
    node.visit([&written](const auto& typed) { written << typed; });
    value = written.str();
  }
  value.line = static_cast<int>(node.source().begin.line);
  return value;
}

/// Where the string that opens at `at` ends, or its line does if that comes first and it may not
/// span lines.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string triple(3, quote);
  const bool spans_lines = text.substr(at).starts_with(triple);
  const std::string_view closing = spans_lines ? std::string_view(triple) : text.substr(at, 1);
  at += closing.size();
  while (at < text.size() && !text.substr(at).starts_with(closing)) {
    if (text[at] == '\n' && !spans_lines) return at;
    at += quote == '"' && text[at] == '\\' ? 2U : 1U;
  }
  return std::min(at + closing.size(), text.size());
}

/// The first byte that is not ASCII and stands in no string and no comment, where TOML 1.0 has
/// none; npos if there is none. toml++ 3 runs into undefined behaviour on some of them.
std::size_t stray_letter(std::string_view text) {
  const std::string_view byte_order_mark = "\xEF\xBB\xBF";
  std::size_t at = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  while (at < text.size()) {
    if (text[at] == '"' || text[at] == '\'') {
      at = end_of_string(text, at);
    } else if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (static_cast<unsigned char>(text[at]) >= 0x80) {
      return at;
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

Result<Json> parse_toml(std::string_view text, std::string_view name) {
  const std::size_t stray = stray_letter(text);
  if (stray != std::string_view::npos) {
    const auto line =
        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(stray), '\n');
    return Error{Code::invalid_argument,
                 "[toml] " + std::string(name) + ":" + std::to_string(line) +
                     ": a letter outside of ASCII; put the key or value into quotes"};
  }
  try {
    return from_node(toml::parse(text, name));
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    return Error{Code::invalid_argument,
                 "[toml] " + std::string(name) + ":" + std::to_string(begin.line) + ":" +
                     std::to_string(begin.column) + ": " + std::string(error.description())};
  }
}

}  // namespace aludel
