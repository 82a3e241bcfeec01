#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"

namespace aludel {

class Fields;

/// A list of structs in a config: `[[sources]]` in TOML.
struct FieldList {
  std::function<void()> clear;
  std::function<Fields()> append;  // adds one default item and returns its fields
  std::function<std::vector<Fields>()> items;
};

/// The numbers that a field takes, both ends included. What is no number is in no range.
struct Range {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

constexpr Range at_least(double least) {
  return {.least = least};
}

constexpr Range between(double least, double most) {
  return {.least = least, .most = most};
}

inline constexpr double kJustAboveZero = std::numeric_limits<double>::min();
inline constexpr double kJustBelowOne = 1 - std::numeric_limits<double>::epsilon() / 2;
inline constexpr Range kShare = between(0, 1);  // 60 is a percentage, and refused
inline constexpr Range kShareBelowOne = between(0, kJustBelowOne);
inline constexpr Range kAboveZero = at_least(kJustAboveZero);
inline constexpr Range kThreadCounts = between(0, 4096);  // 0: one per core

/// One key of a config struct, where its value lives and what it means.
/// A Json field takes a table as it is: what is in it, its owner checks (layer settings do this).
struct Field {
  std::string name;
  std::variant<bool*, std::int64_t*, double*, std::string*, std::vector<std::string>*, Json*,
               std::vector<Field>, FieldList>
      target;  // the vector of fields is a section
  std::string help;
  Range range;  // of a number
};

/// What a config struct's visit() fills:
///   struct TrainConfig {
///     double lr = 3e-4;
///     template <class V> void visit(V& v) { v("lr", lr, "peak rate per step", kAboveZero); }
///   };
/// That one list makes flags, TOML, help, ranges, the resolved dump and the fingerprint.
class Fields {
 public:
  template <class T>
  void operator()(std::string_view name, T& value, std::string_view help, Range range = {}) {
    fields_.push_back({std::string(name), target_of(value), std::string(help), range});
  }

  std::vector<Field>& all() { return fields_; }

  const std::vector<Field>& all() const { return fields_; }

 private:
  template <class T>
  static decltype(Field::target) target_of(T& value) {
    if constexpr (requires { decltype(Field::target)(&value); }) {
      return &value;
    } else {  // a nested config struct
      Fields nested;
      value.visit(nested);
      return std::move(nested.all());
    }
  }

  template <class T>

  requires requires(T& item, Fields& fields) { item.visit(fields); }

  static decltype(Field::target) target_of(std::vector<T>& list) {
    const auto fields_of_item = [](T& item) {
      Fields nested;
      item.visit(nested);
      return nested;
    };
    return FieldList{
        .clear = [&list] { list.clear(); },
        .append = [&list, fields_of_item] { return fields_of_item(list.emplace_back()); },
        .items =
            [&list, fields_of_item] {
              std::vector<Fields> all;
              all.reserve(list.size());
              for (T& item : list) {
                all.push_back(fields_of_item(item));
              }
              return all;
            }};
  }

  std::vector<Field> fields_;
};

/// The fields of a config struct; they point into it.
template <class Config>
Fields fields_of(Config& config) {
  Fields fields;
  config.visit(fields);
  return fields;
}

/// Overwrites the fields that `table` names; the others keep their value.
/// Errors: invalid_argument for an unknown key (with the nearest valid name), a wrong type or a
/// number outside of its range, with `name` and line.
Status read_config(const Json& table, const Fields& fields, std::string_view name);

template <class Config>
Status read_config(const Json& table, Config& config, std::string_view name) {
  return read_config(table, fields_of(config), name);
}

/// Sets one field from text, as a flag or `--set a.b=c` does: "a.b" reaches into sections; lists of
/// strings are split at commas. Errors: invalid_argument as read_config.
Status set_field(const Fields& fields, std::string_view path, std::string_view value);

/// Checks the numbers of a config that was filled by hand against their ranges.
/// Errors: invalid_argument, naming the field, its value and its range.
Status check_ranges(const Fields& fields, std::string_view name);

template <class Config>
Status check_ranges(const Config& config, std::string_view name) {
  return check_ranges(fields_of(const_cast<Config&>(config)), name);
}

/// Every field with its value, in the order of visit().
Json dump_config(const Fields& fields);

template <class Config>
Json dump_config(const Config& config) {
  return dump_config(fields_of(const_cast<Config&>(config)));
}

/// The table as TOML text that parse_toml reads back equal.
std::string write_toml(const Json& table);

/// 32 hexadecimal digits that change when any resolved value changes.
std::string fingerprint(const Json& resolved);

/// Whether an unknown key or flag asks for a device, as other programs let one do: "gpu", "device".
bool asks_for_a_device(std::string_view name);

inline constexpr std::string_view kCpuOnly = "this build computes on the CPU only";

/// The name nearest to `name` by edit distance, for "did you mean"; empty if none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

/// What an error about an unknown name ends with: "; did you mean 'metrics'?" where one is near,
/// else "; known: language, metrics", or that there is no device to choose.
std::string name_hint(std::string_view name, const std::vector<std::string>& known);

}  // namespace aludel
