#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
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

/// The numbers that a field takes. What is no number is in no range.
struct Range {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool without_least = false;
  bool without_most = false;

  constexpr bool holds(double number) const {
    return (without_least ? number > least : number >= least) &&
           (without_most ? number < most : number <= most);
  }

  constexpr Range at_most(double end) const { return {least, end, without_least, false}; }

  constexpr Range below(double end) const { return {least, end, without_least, true}; }
};

constexpr Range at_least(double least) {
  return {.least = least};
}

constexpr Range above(double least) {
  return {.least = least, .without_least = true};
}

constexpr Range between(double least, double most) {
  return at_least(least).at_most(most);
}

inline constexpr Range kShare = between(0, 1);  // 60 is a percentage, and refused
inline constexpr Range kShareBelowOne = at_least(0).below(1);
inline constexpr Range kThreadCounts = between(0, 4096);  // 0: one per core

/// The texts that a field takes, or each element of a list of texts.
struct Choices {
  std::vector<std::string> names;
};

inline Choices one_of(std::initializer_list<std::string_view> names) {
  return {{names.begin(), names.end()}};
}

/// Takes a list of names, or a table whose rows have a `name` or point to what has one: the table
/// by which a program acts on a setting says what the setting may be.
template <class Table>
Choices one_of(const Table& table) {
  Choices choices;
  for (const auto& row : table) {
    if constexpr (requires { row.name; }) {
      choices.names.emplace_back(row.name);
    } else if constexpr (requires { row->name; }) {
      choices.names.emplace_back(row->name);
    } else {
      choices.names.emplace_back(row);
    }
  }
  return choices;
}

/// The same, or the empty text, which stands for none of them.
inline Choices or_empty(Choices choices) {
  choices.names.emplace_back();
  return choices;
}

/// When a setting is read: what was made before that stands when the setting changes.
enum class ReadAt : std::uint8_t { begin, learning, decision };

/// One key of a config struct, where its value lives and what it means.
/// A Json field takes a table as it is: what is in it, its owner checks (layer settings do this).
struct Field {
  std::string name;
  std::variant<bool*, std::int64_t*, double*, std::string*, std::vector<std::string>*, Json*,
               std::vector<Field>, FieldList>
      target;  // the vector of fields is a section
  std::string help;
  Range range;                       // of a number
  std::vector<std::string> choices;  // of a text, or of each text of a list; empty: any
  ReadAt read_at = ReadAt::begin;
};

/// What a config struct's visit() fills:
///   struct TrainConfig {
///     double lr = 3e-4;
///     std::string kind = "cosine";
///     template <class V> void visit(V& v) {
///       v("lr", lr, "peak rate per step", above(0));
///       v("kind", kind, "how the rate falls", one_of({"cosine", "constant"}));
///     }
///   };
/// That one list makes flags, TOML, help, what is allowed, the resolved dump and the fingerprint.
class Fields {
 public:
  /// Adds a field; whoever adds it may say more of it.
  template <class T>
  Field& operator()(std::string_view name, T& value, std::string_view help, Range range = {}) {
    fields_.push_back({std::string(name), target_of(value), std::string(help), range, {}});
    return fields_.back();
  }

  template <class Text>
  Field& operator()(std::string_view name, Text& value, std::string_view help, Choices choices) {
    static_assert(std::is_same_v<Text, std::string> ||
                  std::is_same_v<Text, std::vector<std::string>>);
    fields_.push_back({std::string(name), &value, std::string(help), {}, std::move(choices.names)});
    return fields_.back();
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
/// value that is not allowed (with what is, and the nearest of it), with `name` and line.
Status read_config(const Json& table, const Fields& fields, std::string_view name);

template <class Config>
Status read_config(const Json& table, Config& config, std::string_view name) {
  return read_config(table, fields_of(config), name);
}

/// Sets one field from text, as a flag or `--set a.b=c` does: "a.b" reaches into sections; lists of
/// strings are split at commas. Errors: invalid_argument as read_config.
Status set_field(const Fields& fields, std::string_view path, std::string_view value);

/// What the field takes, for people: "0 or more", "web, book or code"; empty where that is any
/// value of its type.
std::string allowed_text(const Field& field);

/// Checks the value that a field has. Errors: as check_config.
Status check_field(const Field& field, std::string_view name);

/// Checks the values of a config that was filled by hand, or keeps its defaults.
/// Errors: invalid_argument, naming the field, its value and what is allowed.
Status check_config(const Fields& fields, std::string_view name);

/// Fields point into a config that they may change, so it is a copy that is looked at.
template <class Config>
Status check_config(const Config& config, std::string_view name) {
  Config copy = config;
  return check_config(fields_of(copy), name);
}

/// Every field with its value, in the order of visit().
Json dump_config(const Fields& fields);

template <class Config>
Json dump_config(const Config& config) {
  Config copy = config;
  return dump_config(fields_of(copy));
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
