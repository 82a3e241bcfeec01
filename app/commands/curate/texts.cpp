#include "app/commands/curate/texts.h"

#include <fmt/format.h>

namespace aludel::app {
namespace {

std::string short_text(const Json& value) {
  if (value.is_string()) return value.as_string();
  if (value.is_number() && !value.is_integer()) return fmt::format("{:.6g}", value.as_number());
  return value.dump();
}

/// "name=value name=value", without what the cut-offs show already.
std::string pairs_text(const Json* table, const Json* cut_offs) {
  std::string text;
  if (table == nullptr) return text;
  for (const auto& [name, value] : table->as_object()) {
    bool is_shown = name.starts_with("would_drop");
    for (const Json& row : cut_offs == nullptr ? Json::Array() : cut_offs->as_array()) {
      is_shown = is_shown || row.string_or("value", "") == name;
    }
    if (!is_shown) text += fmt::format(" {}={}", name, short_text(value));
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
  if (cut_offs != nullptr) {
    for (const Json& row : cut_offs->as_array()) {
      text += fmt::format(
          "     {:<32} {:>12}  {} {:<10} {}{}\n", row.string_or("value", ""),
          short_text(*row.find("measured")),
          row.string_or("side", "") == "at_least" ? ">=" : "<=", short_text(*row.find("limit")),
          row.string_or("setting", ""), row.bool_or("holds", true) ? "" : "   BROKEN");
    }
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
  text += explanation.string_or("text_from", "") == "source"
              ? "; read again from its source\n"
              : "; what the run noted (its source cannot be read again)\n";
  const Json* layers = explanation.find("layers");
  for (std::size_t i = 0; layers != nullptr && i < layers->as_array().size(); ++i) {
    text += layer_text(layers->as_array()[i], i + 1);
  }
  return text;
}

std::string trade_off_text(const Json& trade_off) {
  const auto line = [](const Json& row, std::string_view mark) {
    const Json* quality = row.find("mean_quality");
    const Json* perplexity = row.find("median_perplexity");
    return fmt::format("{:>8.2f}% {:>11.2f}% {:>12} {:>14} {:>14} {:>8} {:>10} {}\n",
                       row.number_or("quality_share", 0) * 100,
                       row.number_or("perplexity_share", 0) * 100, row.integer_or("documents", 0),
                       row.integer_or("bytes_text", 0), row.integer_or("tokens", 0),
                       quality == nullptr ? "-" : fmt::format("{:.3f}", quality->as_number()),
                       perplexity == nullptr ? "-" : fmt::format("{:.1f}", perplexity->as_number()),
                       mark);
  };
  std::string text =
      fmt::format("{:>9} {:>12} {:>12} {:>14} {:>14} {:>8} {:>10}\n", "quality", "perplexity",
                  "documents", "bytes", "tokens", "quality", "perplexity");
  text += fmt::format("{:>9} {:>12} {:>12} {:>14} {:>14} {:>8} {:>10}\n", "cut", "cut", "kept",
                      "kept", "(about)", "(mean)", "(median)");
  if (const Json* table = trade_off.find("table")) {
    for (const Json& row : table->as_array()) {
      text += line(row, "");
    }
  }
  if (const Json* solution = trade_off.find("solution")) text += line(*solution, "<- the target");
  return text;
}

std::string cost_text(const curate::RunCost& cost) {
  constexpr double kHour = 3600;
  constexpr double kGigabyte = 1e9;
  std::string text = fmt::format("{:<56} {:>12}\n", "stage", "CPU seconds");
  for (const auto& [stage, seconds] : cost.cpu_seconds) {
    text += fmt::format("{:<56} {:>12.1f}\n", stage, seconds);
  }
  return text + fmt::format(
                    "{:.2f} CPU hours for {:.2f} GB of input as stored; {:.2f} GB of memory, "
                    "{:.2f} GB of scratch disk, {:.2f} GB of kept and rejects",
                    cost.total_cpu_seconds() / kHour, cost.input_bytes / kGigabyte,
                    cost.peak_memory_bytes / kGigabyte, cost.scratch_bytes / kGigabyte,
                    cost.output_bytes / kGigabyte);
}

}  // namespace aludel::app
