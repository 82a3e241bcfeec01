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

}  // namespace

Result<Json> parse_toml(std::string_view text, std::string_view name) {
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
