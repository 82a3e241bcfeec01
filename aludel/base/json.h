#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "aludel/base/result.h"

namespace aludel {

/// One JSON (or TOML) value. Objects keep the order of insertion, so that output is deterministic.
class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  // NOLINTBEGIN(google-explicit-constructor): `object["key"] = value` must read plainly.
  Json() = default;

  Json(bool value) : value_(value) {}

  Json(int value) : value_(std::int64_t{value}) {}

  Json(std::int64_t value) : value_(value) {}

  Json(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}

  Json(double value) : value_(value) {}

  Json(const char* value) : value_(std::string(value)) {}

  Json(std::string_view value) : value_(std::string(value)) {}

  Json(std::string value) : value_(std::move(value)) {}

  Json(Array value) : value_(std::move(value)) {}

  Json(Object value) : value_(std::move(value)) {}

  // NOLINTEND(google-explicit-constructor)

  static Json object() { return Json(Object{}); }

  static Json array() { return Json(Array{}); }

  bool is_null() const { return value_.index() == 0; }

  bool is_bool() const { return std::holds_alternative<bool>(value_); }

  bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }

  bool is_number() const { return is_integer() || std::holds_alternative<double>(value_); }

  bool is_string() const { return std::holds_alternative<std::string>(value_); }

  bool is_array() const { return std::holds_alternative<Array>(value_); }

  bool is_object() const { return std::holds_alternative<Object>(value_); }

  // REQUIRES of all as_*: the value has that type; as_number() also takes an integer.
  bool as_bool() const { return std::get<bool>(value_); }

  std::int64_t as_integer() const { return std::get<std::int64_t>(value_); }

  double as_number() const {
    return is_integer() ? static_cast<double>(as_integer()) : std::get<double>(value_);
  }

  const std::string& as_string() const { return std::get<std::string>(value_); }

  std::string& as_string() { return std::get<std::string>(value_); }

  const Array& as_array() const { return std::get<Array>(value_); }

  Array& as_array() { return std::get<Array>(value_); }

  const Object& as_object() const { return std::get<Object>(value_); }

  Object& as_object() { return std::get<Object>(value_); }

  /// The member of that name, or nullptr; nullptr too when this is no object.
  const Json* find(std::string_view key) const;
  Json* find(std::string_view key);

  /// The member of that name, added as null when missing; a null value becomes an object first.
  Json& operator[](std::string_view key);

  /// Appends to an array; a null value becomes an array first.
  void push_back(Json item);

  /// Member `key` if it has the type asked for, else `otherwise`.
  std::string string_or(std::string_view key, std::string_view otherwise) const;
  std::int64_t integer_or(std::string_view key, std::int64_t otherwise) const;
  double number_or(std::string_view key, double otherwise) const;
  bool bool_or(std::string_view key, bool otherwise) const;

  /// One line of JSON; numbers in their shortest form that reads back equal. Bytes that are not
  /// UTF-8 become U+FFFD; NaN and infinities become null.
  std::string dump() const;

  /// Writes that line behind what `out` holds.
  void append_to(std::string& out) const;

  /// The same with two spaces of indentation a level.
  std::string dump_pretty() const;

  bool operator==(const Json& other) const { return value_ == other.value_; }

  /// Line in the file this came from (TOML only), 0 if unknown.
  int line = 0;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

/// Parses one JSON document, at most 1,024 levels deep.
/// Errors: corrupt_data with what the parser said.
Result<Json> parse_json(std::string_view text);

/// Parses TOML 1.0; every value carries its line.
/// Errors: invalid_argument with `name`, line and column.
Result<Json> parse_toml(std::string_view text, std::string_view name);

}  // namespace aludel
