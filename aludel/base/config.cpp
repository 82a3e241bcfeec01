#include "aludel/base/config.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "aludel/base/hash.h"

namespace aludel {
namespace {

std::string place(std::string_view name, int line) {
  return line > 0 ? fmt::format("{}:{}", name, line) : std::string(name);
}

Error wrong_type(const Field& field, std::string_view where, std::string_view expected) {
  return {Code::invalid_argument,
          fmt::format("[config] {}: {} must be {} ({})", where, field.name, expected, field.help)};
}

/// "0 or more", "above 0, at most 1"; empty for a range without ends.
std::string range_text(const Range& range) {
  constexpr double kNoEnd = std::numeric_limits<double>::infinity();
  if (range.most == kNoEnd) {
    if (range.least == -kNoEnd) return "";
    return range.without_least ? fmt::format("a number above {}", range.least)
                               : fmt::format("{} or more", range.least);
  }
  return range.without_least ? fmt::format("above {}, {} {}", range.least,
                                           range.without_most ? "less than" : "at most", range.most)
                             : fmt::format("{} to {}{}", range.least,
                                           range.without_most ? "less than " : "", range.most);
}

/// "web, book or code"; the empty text is written as "".
std::string choices_text(const std::vector<std::string>& choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) text += i + 1 < choices.size() ? ", " : " or ";
    text += choices[i].empty() ? "\"\"" : choices[i];
  }
  return text;
}

Error not_allowed(const Field& field, std::string_view where, std::string_view value,
                  std::string_view hint) {
  const std::string allowed = allowed_text(field);
  return {Code::invalid_argument,
          fmt::format("[config] {}: {} is {}, expected {} ({}){}", where, field.name, value,
                      allowed.empty() ? "a number" : allowed, field.help, hint)};
}

template <class Number>
Status check_number(Number value, const Field& field, std::string_view where) {
  if (field.range.holds(static_cast<double>(value))) return Ok{};
  return not_allowed(field, where, fmt::format("{}", value), "");
}

Status check_text(const std::string& value, const Field& field, std::string_view where) {
  const std::vector<std::string>& choices = field.choices;
  if (choices.empty() || std::ranges::find(choices, value) != choices.end()) return Ok{};
  const std::string nearest = value.empty() ? "" : nearest_name(value, choices);
  return not_allowed(field, where, fmt::format("'{}'", value),
                     nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest));
}

Status check_texts(const std::vector<std::string>& values, const Field& field,
                   std::string_view where) {
  for (const std::string& value : values) {
    ALUDEL_TRY(check_text(value, field, where));
  }
  return Ok{};
}

Error unknown_key(std::string_view key, const std::vector<Field>& fields, std::string_view where) {
  std::vector<std::string> known;
  known.reserve(fields.size());
  for (const Field& field : fields) {
    known.push_back(field.name);
  }
  return {Code::invalid_argument,
          fmt::format("[config] {}: unknown key '{}'{}", where, key, name_hint(key, known))};
}

Status read_fields(const Json& table, const std::vector<Field>& fields, std::string_view name);

Status read_strings(const Json& value, const Field& field, std::vector<std::string>& out,
                    std::string_view where) {
  if (!value.is_string() && !value.is_array()) return wrong_type(field, where, "a list of strings");
  std::vector<std::string> items;
  for (const Json& item : value.is_array() ? value.as_array() : Json::Array{value}) {
    if (!item.is_string()) return wrong_type(field, where, "a list of strings");
    items.push_back(item.as_string());
  }
  ALUDEL_TRY(check_texts(items, field, where));
  out = std::move(items);
  return Ok{};
}

Status read_list(const Json& value, const Field& field, const FieldList& list,
                 std::string_view name, std::string_view where) {
  if (!value.is_array()) return wrong_type(field, where, "a list of tables");
  list.clear();
  for (const Json& item : value.as_array()) {
    if (!item.is_object()) return wrong_type(field, where, "a list of tables");
    ALUDEL_TRY(read_fields(item, list.append().all(), name));
  }
  return Ok{};
}

/// Reads one value into its field; one branch a type of field.
Status read_value(const Json& value, const Field& field, std::string_view name) {
  const std::string where = place(name, value.line);
  if (auto* const* flag = std::get_if<bool*>(&field.target)) {
    if (!value.is_bool()) return wrong_type(field, where, "true or false");
    **flag = value.as_bool();
  } else if (auto* const* integer = std::get_if<std::int64_t*>(&field.target)) {
    if (!value.is_integer()) return wrong_type(field, where, "an integer");
    ALUDEL_TRY(check_number(value.as_integer(), field, where));
    **integer = value.as_integer();
  } else if (auto* const* number = std::get_if<double*>(&field.target)) {
    if (!value.is_number()) return wrong_type(field, where, "a number");
    ALUDEL_TRY(check_number(value.as_number(), field, where));
    **number = value.as_number();
  } else if (auto* const* text = std::get_if<std::string*>(&field.target)) {
    if (!value.is_string()) return wrong_type(field, where, "a string");
    ALUDEL_TRY(check_text(value.as_string(), field, where));
    **text = value.as_string();
  } else if (auto* const* strings = std::get_if<std::vector<std::string>*>(&field.target)) {
    return read_strings(value, field, **strings, where);
  } else if (auto* const* table = std::get_if<Json*>(&field.target)) {
    if (!value.is_object()) return wrong_type(field, where, "a table");
    **table = value;
  } else if (const auto* section = std::get_if<std::vector<Field>>(&field.target)) {
    if (!value.is_object()) return wrong_type(field, where, "a table");
    return read_fields(value, *section, name);
  } else {
    return read_list(value, field, std::get<FieldList>(field.target), name, where);
  }
  return Ok{};
}

const Field* find_field(const std::vector<Field>& fields, std::string_view key) {
  const auto found = std::ranges::find(fields, key, &Field::name);
  return found == fields.end() ? nullptr : &*found;
}

Status read_fields(const Json& table, const std::vector<Field>& fields, std::string_view name) {
  for (const auto& [key, value] : table.as_object()) {
    const Field* field = find_field(fields, key);
    if (field == nullptr) return unknown_key(key, fields, place(name, value.line));
    ALUDEL_TRY(read_value(value, *field, name));
  }
  return Ok{};
}

Status check_fields(const std::vector<Field>& fields, std::string_view name) {
  for (const Field& field : fields) {
    ALUDEL_TRY(check_field(field, name));
  }
  return Ok{};
}

/// A flag's text as the value its field wants.
Result<Json> parse_value(const Field& field, std::string_view text) {
  if (std::holds_alternative<std::string*>(field.target)) return Json(text);
  if (std::holds_alternative<std::vector<std::string>*>(field.target)) {
    Json::Array items;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      if (end > begin) items.emplace_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    return Json(std::move(items));
  }
  auto parsed = parse_json(text);
  if (!parsed) {
    return Error{Code::invalid_argument,
                 fmt::format("[config] {}: cannot read '{}' ({})", field.name, text, field.help)};
  }
  return parsed;
}

Json dump_fields(const std::vector<Field>& fields) {
  Json table = Json::object();
  for (const Field& field : fields) {
    Json& out = table[field.name];
    if (auto* const* strings = std::get_if<std::vector<std::string>*>(&field.target)) {
      out = Json::array();
      for (const std::string& item : **strings) {
        out.push_back(item);
      }
    } else if (const auto* section = std::get_if<std::vector<Field>>(&field.target)) {
      out = dump_fields(*section);
    } else if (const auto* list = std::get_if<FieldList>(&field.target)) {
      out = Json::array();
      for (const Fields& item : list->items()) {
        out.push_back(dump_fields(item.all()));
      }
    } else {
      std::visit(
          [&out](const auto& value) {
            if constexpr (requires { Json(*value); }) out = Json(*value);
          },
          field.target);
      if (out.is_null()) out = Json::object();  // an absent table
    }
  }
  return table;
}

}  // namespace

std::string allowed_text(const Field& field) {
  return field.choices.empty() ? range_text(field.range) : choices_text(field.choices);
}

Status check_field(const Field& field, std::string_view name) {
  if (auto* const* integer = std::get_if<std::int64_t*>(&field.target)) {
    return check_number(**integer, field, name);
  }
  if (auto* const* number = std::get_if<double*>(&field.target)) {
    return check_number(**number, field, name);
  }
  if (auto* const* text = std::get_if<std::string*>(&field.target)) {
    return check_text(**text, field, name);
  }
  if (auto* const* texts = std::get_if<std::vector<std::string>*>(&field.target)) {
    return check_texts(**texts, field, name);
  }
  if (const auto* section = std::get_if<std::vector<Field>>(&field.target)) {
    return check_fields(*section, name);
  }
  if (const auto* list = std::get_if<FieldList>(&field.target)) {
    for (const Fields& item : list->items()) {
      ALUDEL_TRY(check_config(item, name));
    }
  }
  return Ok{};
}

Status check_config(const Fields& fields, std::string_view name) {
  return check_fields(fields.all(), name);
}

Status read_config(const Json& table, const Fields& fields, std::string_view name) {
  if (!table.is_object()) {
    return Error{Code::invalid_argument, fmt::format("[config] {}: expected a table", name)};
  }
  return read_fields(table, fields.all(), name);
}

Status set_field(const Fields& fields, std::string_view path, std::string_view value) {
  const std::vector<Field>* level = &fields.all();
  const std::string whole(path);
  for (;;) {
    const std::size_t dot = path.find('.');
    const std::string_view key = path.substr(0, dot);
    const Field* field = find_field(*level, key);
    if (field == nullptr) return unknown_key(key, *level, "--set");
    if (dot == std::string_view::npos) {
      Field named = *field;
      named.name = whole;
      return read_value(ALUDEL_TRY(parse_value(named, value)), named, "--set");
    }
    path.remove_prefix(dot + 1);
    if (auto* const* table = std::get_if<Json*>(&field->target)) {
      Json* inner = *table;
      for (std::size_t next = path.find('.'); next != std::string_view::npos;
           next = path.find('.')) {
        inner = &(*inner)[path.substr(0, next)];
        path.remove_prefix(next + 1);
        if (!inner->is_null() && !inner->is_object()) {
          return wrong_type(*field, "--set", "a table to reach into it");
        }
      }
      auto parsed = parse_json(value);
      (*inner)[path] = parsed ? std::move(parsed).value() : Json(value);
      return Ok{};
    }
    level = std::get_if<std::vector<Field>>(&field->target);
    if (level == nullptr) return wrong_type(*field, "--set", "a section to reach into it");
  }
}

Json dump_config(const Fields& fields) {
  return dump_fields(fields.all());
}

std::string fingerprint(const Json& resolved) {
  return hash128(resolved.dump()).hex();
}

bool asks_for_a_device(std::string_view name) {
  constexpr std::array<std::string_view, 7> kNames = {"device", "devices", "gpu",        "gpus",
                                                      "cuda",   "use_gpu", "accelerator"};
  return std::ranges::find(kNames, name) != kNames.end();
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    if (candidate.empty()) continue;
    std::vector<std::size_t> row(candidate.size() + 1);  // Levenshtein, one row at a time
    for (std::size_t j = 0; j < row.size(); ++j) {
      row[j] = j;
    }
    for (std::size_t i = 1; i <= name.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j < row.size(); ++j) {
        const std::size_t substitute = diagonal + (name[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = std::exchange(row[j], std::min({substitute, row[j] + 1, row[j - 1] + 1}));
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

std::string name_hint(std::string_view name, const std::vector<std::string>& known) {
  if (asks_for_a_device(name)) return fmt::format("; {}", kCpuOnly);
  const std::string nearest = nearest_name(name, known);
  return nearest.empty() ? fmt::format("; known: {}", fmt::join(known, ", "))
                         : fmt::format("; did you mean '{}'?", nearest);
}

}  // namespace aludel
