#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/report/chart.h"

namespace aludel::app {
namespace {

/// One layer's counts, summed over the sources.
struct LayerTotals {
  std::string name;
  std::int64_t in = 0;
  std::int64_t kept = 0;
  std::int64_t edited = 0;
  std::int64_t bytes_in = 0;
  std::int64_t bytes_out = 0;
  bool off = false;
  std::vector<std::pair<std::string, std::int64_t>> dropped;
};

LayerTotals& totals_of(std::vector<LayerTotals>& all, const std::string& name) {
  for (LayerTotals& layer : all) {
    if (layer.name == name) return layer;
  }
  LayerTotals& added = all.emplace_back();
  added.name = name;
  return added;
}

void add_reasons(LayerTotals& totals, const Json& dropped) {
  if (!dropped.is_object()) return;
  for (const auto& [reason, count] : dropped.as_object()) {
    bool found = false;
    for (auto& [known, sum] : totals.dropped) {
      if (known != reason) continue;
      sum += count.as_integer();
      found = true;
    }
    if (!found) totals.dropped.emplace_back(reason, count.as_integer());
  }
}

std::vector<LayerTotals> layer_totals(const Json& sources) {
  std::vector<LayerTotals> all;
  for (const auto& [source, entry] : sources.as_object()) {
    const Json* layers = entry.find("layers");
    if (layers == nullptr || !layers->is_array()) continue;
    for (const Json& layer : layers->as_array()) {
      LayerTotals& totals = totals_of(all, layer.string_or("name", "?"));
      totals.in += layer.integer_or("in", 0);
      totals.kept += layer.integer_or("kept", 0);
      totals.edited += layer.integer_or("edited", 0);
      totals.bytes_in += layer.integer_or("bytes_in", 0);
      totals.bytes_out += layer.integer_or("bytes_out", 0);
      totals.off = layer.bool_or("off", false) || layer.string_or("state", "") == "off";
      if (const Json* dropped = layer.find("dropped")) add_reasons(totals, *dropped);
    }
  }
  return all;
}

std::string reasons_text(const LayerTotals& layer) {
  if (layer.off) return "off";
  std::string out;
  for (const auto& [reason, count] : layer.dropped) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", reason, count);
  }
  return out;
}

std::string source_table(const Json& sources) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, entry] : sources.as_object()) {
    const Json none = Json::object();
    const Json& in = entry.find("in") != nullptr ? *entry.find("in") : none;
    const Json& out = entry.find("out") != nullptr ? *entry.find("out") : none;
    rows.push_back({name, std::to_string(in.integer_or("documents", 0)),
                    report::human_bytes(in.number_or("bytes_raw", 0)),
                    report::human_bytes(in.number_or("bytes_text", 0)),
                    std::to_string(out.integer_or("documents", 0)),
                    report::human_bytes(out.number_or("bytes_text", 0)),
                    report::human_count(out.number_or("tokens", 0))});
  }
  return report::table(
      {"source", "documents in", "raw", "text in", "documents kept", "text kept", "tokens"}, rows);
}

}  // namespace

void add_funnel(const RunFiles& files, report::HtmlPage& page) {
  const auto ledger = files.json(files.of_curation("ledger.json"));
  const Json* sources = ledger ? ledger->find("sources") : nullptr;
  if (sources == nullptr || !sources->is_object()) return;
  std::vector<report::Bar> bars;
  std::vector<std::vector<std::string>> rows;
  for (const LayerTotals& layer : layer_totals(*sources)) {
    const std::int64_t gone = layer.in - layer.kept;
    bars.push_back({layer.name, static_cast<double>(layer.kept),
                    layer.off
                        ? "off"
                        : fmt::format("{} kept, {} dropped, {}", layer.kept, gone,
                                      report::human_bytes(static_cast<double>(layer.bytes_out)))});
    rows.push_back(
        {layer.name, std::to_string(layer.in), std::to_string(layer.kept),
         std::to_string(layer.edited), report::human_bytes(static_cast<double>(layer.bytes_in)),
         report::human_bytes(static_cast<double>(layer.bytes_out)), reasons_text(layer)});
  }
  page.add_section("Funnel",
                   fmt::format("<p>Documents that leave each of the twelve layers, and why the "
                               "others fell. Every rejected document is in <code>{}</code> with "
                               "layer, reason and score.</p>",
                               files.of_curation("rejects")) +
                       report::bar_chart(bars) + source_table(*sources) +
                       report::table({"layer", "in", "kept", "edited", "text in", "text out",
                                      "dropped, by reason"},
                                     rows));
}

}  // namespace aludel::app
