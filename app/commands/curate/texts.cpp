#include "app/commands/curate/texts.h"

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

/// The number with so many digits; a dash where there is none.
std::string number_text(const Json* number, int digits) {
  if (number == nullptr || !number->is_number()) return "-";
  return fmt::format("{:.{}f}", number->as_number(), digits);
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

std::string trade_off_text(const Json& trade_off) {
  const auto line = [](const Json& row, std::string_view mark) {
    return fmt::format("{:>8.2f}% {:>11.2f}% {:>12} {:>14} {:>14} {:>8} {:>10} {}\n",
                       row.number_or("quality_share", 0) * 100,
                       row.number_or("perplexity_share", 0) * 100, row.integer_or("documents", 0),
                       row.integer_or("bytes_text", 0), row.integer_or("tokens", 0),
                       number_text(row.find("mean_quality"), 3),
                       number_text(row.find("median_perplexity"), 1), mark);
  };
  std::string text =
      fmt::format("{:>9} {:>12} {:>12} {:>14} {:>14} {:>8} {:>10}\n", "quality", "perplexity",
                  "documents", "bytes", "tokens", "quality", "perplexity");
  text += fmt::format("{:>9} {:>12} {:>12} {:>14} {:>14} {:>8} {:>10}\n", "cut", "cut", "kept",
                      "kept", "(about)", "(mean)", "(median)");
  for (const Json& row : items_of(trade_off.find("table"))) {
    text += line(row, "");
  }
  if (const Json* solution = trade_off.find("solution")) text += line(*solution, "<- the target");
  return text;
}

namespace {

constexpr double kHour = 3600;

/// Hours of work shared by all cores, if all of them are busy all the time.
double hours_on(double core_hours, const CostTerms& terms) {
  return core_hours / static_cast<double>(terms.cores);
}

}  // namespace

Json cost_json(const curate::RunCost& cost, const CostTerms& terms) {
  const double hours = cost.total_cpu_seconds() / kHour;
  Json json = Json::object();
  json["input_bytes"] = cost.input_bytes;
  json["cpu_seconds"] = cost.total_cpu_seconds();
  if (terms.cores > 0) json["hours"] = hours_on(hours, terms);
  if (terms.price > 0) json["cost"] = hours * terms.price;
  for (const auto& [stage, seconds] : cost.cpu_seconds) {
    json["stages"][stage] = seconds;
  }
  json["peak_memory_bytes"] = cost.peak_memory_bytes;
  json["scratch_bytes"] = cost.scratch_bytes;
  json["output_bytes"] = cost.output_bytes;
  return json;
}

std::string cost_text(const curate::RunCost& cost, const CostTerms& terms) {
  constexpr double kGigabyte = 1e9;
  const bool has_price = terms.price > 0;
  const auto row = [&](std::string_view name, const std::string& hours, const std::string& money) {
    return fmt::format("{:<56} {:>12}", name, hours) +
           (has_price ? fmt::format(" {:>12}", money) : "") + "\n";
  };
  const auto line = [&](std::string_view name, double seconds) {
    const double hours = seconds / kHour;
    return row(name, fmt::format("{:.4f}", hours), fmt::format("{:.2f}", hours * terms.price));
  };
  std::string text = row("stage", "CPU hours", "cost");
  for (const auto& [stage, seconds] : cost.cpu_seconds) {
    text += line(stage, seconds);
  }
  text += line("all", cost.total_cpu_seconds());
  const double hours = cost.total_cpu_seconds() / kHour;
  text += fmt::format(
      "{:.4f} CPU hours for {:.2f} GB of input as stored; {:.2f} GB of memory, {:.2f} GB of "
      "scratch disk, {:.2f} GB of kept and rejects",
      hours, cost.input_bytes / kGigabyte, cost.peak_memory_bytes / kGigabyte,
      cost.scratch_bytes / kGigabyte, cost.output_bytes / kGigabyte);
  if (terms.cores > 0) {
    text += fmt::format("\n{:.4f} hours on {} cores, where all of them are busy all the time",
                        hours_on(hours, terms), terms.cores);
  }
  if (has_price) {
    text += fmt::format("\n{:.2f} to pay at {:g} for an hour of one core", hours * terms.price,
                        terms.price);
  }
  return text;
}

}  // namespace aludel::app
