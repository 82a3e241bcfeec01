#include <algorithm>
#include <cmath>

#include "aludel/base/config.h"

namespace aludel {
namespace {

bool is_bare_key(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

/// A text in quotes, as JSON has it; TOML takes no DEL as it stands.
std::string quoted(std::string_view text) {
  std::string out = Json(text).dump();
  for (std::size_t at = 0; (at = out.find('\x7F', at)) != std::string::npos;) {
    out.replace(at, 1, "\\u007F");
  }
  return out;
}

std::string key_text(std::string_view key) {
  return is_bare_key(key) ? std::string(key) : quoted(key);
}

bool is_list_of_tables(const Json& value) {
  return value.is_array() && !value.as_array().empty() &&
         std::ranges::all_of(value.as_array(), &Json::is_object);
}

/// TOML's numbers are JSON's, but for whole doubles and those that JSON does not have.
std::string number_text(const Json& value) {
  const double number = value.as_number();
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  std::string text = value.dump();
  if (!value.is_integer() && text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

/// A value on one line; a table that stands in a list beside other values is an inline one.
std::string value_text(const Json& value) {
  std::string out;
  if (value.is_array()) {
    for (const Json& item : value.as_array()) {
      (out += out.empty() ? "" : ", ") += value_text(item);
    }
    return "[" + out + "]";
  }
  if (value.is_object()) {
    for (const auto& [key, member] : value.as_object()) {
      if (member.is_null()) continue;
      (out += out.empty() ? "" : ", ") += key_text(key) + " = " + value_text(member);
    }
    return "{" + out + "}";
  }
  if (value.is_number()) return number_text(value);
  return value.is_string() ? quoted(value.as_string()) : value.dump();
}

void write_table(std::string& out, const Json& table, const std::string& path) {
  for (const auto& [key, value] : table.as_object()) {
    if (value.is_null() || value.is_object() || is_list_of_tables(value)) continue;
    out += key_text(key) + " = " + value_text(value) + "\n";
  }
  for (const auto& [key, value] : table.as_object()) {
    const std::string inner = path.empty() ? key_text(key) : path + "." + key_text(key);
    if (value.is_object()) {
      out += "\n[" + inner + "]\n";
      write_table(out, value, inner);
    } else if (is_list_of_tables(value)) {
      for (const Json& item : value.as_array()) {
        out += "\n[[" + inner + "]]\n";
        write_table(out, item, inner);
      }
    }
  }
}

}  // namespace

std::string write_toml(const Json& table) {
  std::string out;
  write_table(out, table, "");
  return out;
}

}  // namespace aludel
