#include <algorithm>

#include "aludel/base/config.h"

namespace aludel {
namespace {

bool is_bare_key(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::string key_text(std::string_view key) {
  return is_bare_key(key) ? std::string(key) : Json(key).dump();
}

bool is_list_of_tables(const Json& value) {
  return value.is_array() && !value.as_array().empty() && value.as_array().front().is_object();
}

/// A scalar or an array of scalars: JSON's spelling is TOML's, but for whole doubles.
std::string value_text(const Json& value) {
  if (value.is_array()) {
    std::string out = "[";
    for (const Json& item : value.as_array()) {
      (out += out.size() > 1 ? ", " : "") += value_text(item);
    }
    return out += "]";
  }
  std::string text = value.dump();
  if (value.is_number() && !value.is_integer() && text.find_first_of(".e") == std::string::npos) {
    text += ".0";
  }
  return text;
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
