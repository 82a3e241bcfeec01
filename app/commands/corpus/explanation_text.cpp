#include "app/commands/corpus/explanation_text.h"

#include <fmt/format.h>

#include "aludel/base/json_items.h"

namespace aludel::app {
namespace {

std::string short_text(const Json* value) {
  if (value == nullptr || value->is_null()) return "-";
  if (value->is_string()) return value->as_string();
  if (value->is_number() && !value->is_integer()) return fmt::format("{:.6g}", value->as_number());
  return value->dump();
}

/// "name=value name=value", without what the cut-offs show already.
std::string pairs_text(const Json* table, const Json* cut_offs) {
  std::string text;
  for (const auto& [name, value] : members_of(table)) {
    bool is_shown = name.starts_with("would_drop");
    for (const Json& row : items_of(cut_offs)) {
      is_shown = is_shown || row.string_or("value", "") == name;
    }
    if (!is_shown) text += fmt::format(" {}={}", name, short_text(&value));
  }
  return text;
}

std::string decision_text(const Json& layer) {
  const std::string decision = layer.string_or("decision", "");
  const bool is_after = layer.bool_or("after_drop", false);
  if (decision == "drop") {
    return fmt::format("{} {} (score {:.4g})",
                       is_after ? "would drop:" : "DROP:", layer.string_or("reason", ""),
                       layer.number_or("score", 0));
  }
  if (decision == "keep") {
    return fmt::format("{}{}", is_after ? "would keep" : "keep",
                       layer.bool_or("edited", false) ? ", text changed" : "");
  }
  const std::string why = layer.string_or("why", "");
  return decision + (why.empty() ? "" : ": " + why);
}

std::string layer_text(const Json& layer, std::size_t number) {
  std::string text =
      fmt::format("{:>2} {:<15} {}\n", number, layer.string_or("name", ""), decision_text(layer));
  const Json* cut_offs = layer.find("cut_offs");
  for (const Json& row : items_of(cut_offs)) {
    text += fmt::format(
        "     {:<32} {:>12}  {} {:<10} {}{}\n", row.string_or("value", ""),
        short_text(row.find("measured")),
        row.string_or("side", "") == "at_least" ? ">=" : "<=", short_text(row.find("limit")),
        row.string_or("setting", ""), row.bool_or("holds", true) ? "" : "   BROKEN");
  }
  const std::string measured = pairs_text(layer.find("measured"), cut_offs);
  if (!measured.empty()) text += "     measured:" + measured + "\n";
  const std::string settings = pairs_text(layer.find("settings"), nullptr);
  if (!settings.empty()) text += "     settings:" + settings + "\n";
  return text;
}

}  // namespace

std::string explanation_text(const Json& explanation) {
  std::string text =
      fmt::format("{}\nid {}, source {}, language {}, {}\n", explanation.string_or("url", ""),
                  explanation.string_or("id", ""), explanation.string_or("source", ""),
                  explanation.string_or("language", ""), explanation.string_or("file", ""));
  if (explanation.string_or("outcome", "") == "kept") {
    text += "kept";
  } else {
    text +=
        fmt::format("rejected by {}: {} (score {:.4g})", explanation.string_or("rejected_by", ""),
                    explanation.string_or("reason", ""), explanation.number_or("score", 0));
  }
  if (const Json* recovered = explanation.find("recovered")) {
    text += ", recovered: " + recovered->dump();
  }
  if (const Json* read = explanation.find("read")) {
    return text + ", not read:" + pairs_text(read, nullptr) + "\n";
  }
  text += explanation.string_or("text_from", "") == "source"
              ? "; read again from its source\n"
              : "; what the run noted (its source cannot be read again)\n";
  std::size_t number = 0;
  for (const Json& layer : items_of(explanation.find("layers"))) {
    text += layer_text(layer, ++number);
  }
  return text;
}

}  // namespace aludel::app
