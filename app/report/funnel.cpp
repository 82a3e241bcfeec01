#include <algorithm>
#include <functional>
#include <map>

#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/curate/layout/run_paths.h"
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
    if (!count.is_integer()) continue;
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

/// The ledger has null until `aludel tokenize` has counted.
std::string tokens_text(const Json* tokens) {
  return tokens != nullptr && tokens->is_number() ? report::human_count(tokens->as_number())
                                                  : std::string("not counted");
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
                    tokens_text(out.find("tokens"))});
  }
  return report::table(
      {"source", "documents in", "raw", "text in", "documents kept", "text kept", "tokens"}, rows);
}

/// MB per second and thread of a layer in report/timing.json; empty where it is not known.
std::string speed_text(const Json& timing, const std::string& layer) {
  const Json* seconds = timing.find("seconds");
  const Json* bytes = timing.find("bytes");
  if (seconds == nullptr || bytes == nullptr) return "";
  const double time = seconds->number_or(layer, 0);
  return time > 0 ? fmt::format("{:.0f}", bytes->number_or(layer, 0) / time / 1e6) : "";
}

/// Rows of counts, one column for each layer.
struct FunnelTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

/// Documents of each source that leave each layer.
FunnelTable funnel_by_source(const Json& sources) {
  FunnelTable table{{"source", "in"}, {}};
  for (const auto& [name, entry] : sources.as_object()) {
    const Json* in = entry.find("in");
    const Json* layers = entry.find("layers");
    if (layers == nullptr || !layers->is_array()) continue;
    std::vector<std::string> row = {
        name, std::to_string(in == nullptr ? 0 : in->integer_or("documents", 0))};
    const bool is_first = table.rows.empty();
    for (const Json& layer : layers->as_array()) {
      if (is_first) table.head.push_back(layer.string_or("name", ""));
      const bool off = layer.bool_or("off", false) || layer.string_or("state", "") == "off";
      row.push_back(off ? "off" : std::to_string(layer.integer_or("kept", 0)));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// Documents of each language that leave each layer; the languages with most documents first, at
/// most 30.
FunnelTable funnel_by_language(const Json& layers) {
  constexpr std::string_view kLanguage = "language:";
  constexpr std::size_t kMostRows = 30;
  FunnelTable table{{"language", "seen"}, {}};
  std::map<std::string, std::vector<std::string>> rows;
  std::map<std::string, std::int64_t> seen;
  for (const Json& layer : layers.as_array()) {
    table.head.push_back(layer.string_or("name", ""));
    const Json* rates = layer.find("keep_rates");
    if (rates == nullptr || !rates->is_array()) continue;
    for (const Json& rate : rates->as_array()) {
      const std::string group = rate.string_or("group", "");
      if (!group.starts_with(kLanguage)) continue;
      const std::string name = group.substr(kLanguage.size());
      seen.try_emplace(name, rate.integer_or("documents", 0));
      std::vector<std::string>& row = rows[name];
      row.resize(table.head.size() - 3, "0");
      row.push_back(std::to_string(rate.integer_or("kept", 0)));
    }
  }
  std::vector<std::string> names;
  names.reserve(rows.size());
  for (const auto& [name, row] : rows) {
    names.push_back(name);
  }
  std::ranges::stable_sort(names, std::greater<>(),
                           [&](const std::string& name) { return seen[name]; });
  names.resize(std::min(names.size(), kMostRows));
  for (const std::string& name : names) {
    std::vector<std::string>& row =
        table.rows.emplace_back(std::vector<std::string>{name, std::to_string(seen[name])});
    rows[name].resize(table.head.size() - 2, "0");
    row.insert(row.end(), rows[name].begin(), rows[name].end());
  }
  return table;
}

std::string folded(std::string_view title, const FunnelTable& table) {
  if (table.rows.empty()) return "";
  return fmt::format("<details><summary>{}</summary>", title) +
         report::table(table.head, table.rows) + "</details>";
}

}  // namespace

void add_funnel(const RunFiles& files, report::HtmlPage& page) {
  const auto ledger = files.json(files.of_curation(curate::kLedgerFile));
  const Json* sources = ledger ? ledger->find("sources") : nullptr;
  if (sources == nullptr || !sources->is_object()) return;
  const Json timing = files.json(files.of_curation(curate::kTimingReport)).value_or(Json::object());
  const auto report = files.json(files.of_curation(curate::kLayersReport));
  const Json* layers = report ? report->find("layers") : nullptr;
  std::vector<report::Bar> bars;
  std::vector<std::vector<std::string>> rows;
  for (const LayerTotals& layer : layer_totals(*sources)) {
    const std::int64_t gone = layer.in - layer.kept;
    bars.push_back({layer.name, static_cast<double>(layer.kept),
                    layer.off
                        ? "off"
                        : fmt::format("{} kept, {} dropped, {}", layer.kept, gone,
                                      report::human_bytes(static_cast<double>(layer.bytes_out)))});
    rows.push_back({layer.name, std::to_string(layer.in), std::to_string(layer.kept),
                    std::to_string(layer.edited),
                    report::human_bytes(static_cast<double>(layer.bytes_in)),
                    report::human_bytes(static_cast<double>(layer.bytes_out)),
                    speed_text(timing, layer.name), reasons_text(layer)});
  }
  page.add_section(
      "Funnel", fmt::format("<p>Documents that leave each of the twelve layers, and why the "
                            "others fell. Every document that a layer dropped is in "
                            "<code>{}</code> with layer, reason and score; what could not be read "
                            "has a row there for each file and reason.</p>",
                            files.of_curation(curate::kRejectsFolder)) +
                    report::bar_chart(bars) + source_table(*sources) +
                    report::table({"layer", "in", "kept", "edited", "text in", "text out", "MB/s",
                                   "dropped, by reason"},
                                  rows) +
                    folded("what leaves each layer, by source", funnel_by_source(*sources)) +
                    folded("what leaves each layer, by language",
                           layers != nullptr && layers->is_array() ? funnel_by_language(*layers)
                                                                   : FunnelTable()));
}

}  // namespace aludel::app
